import { createServer, type RequestListener } from "node:http"
import { createRequire } from "node:module"
import type { AddressInfo } from "node:net"
import type { Express, RequestHandler } from "express"
import { createApp } from "../../../app/backend/app.ts"
import { loadConfig } from "../../../app/backend/config.ts"
import { createHealthRegistry } from "../../../app/backend/health/registry.ts"
import { requestContext } from "../../../app/backend/http/request-context.ts"
import type { LogLevel } from "../../../app/backend/logging/config.ts"
import { createLogging, type Logging } from "../../../app/backend/logging/logger.ts"
import { createMetrics } from "../../../app/backend/metrics/metrics.ts"

// One server in a process of its own, which logs to its standard output and tells its parent the port,
// and at a message the time of the processor that it used: `server KIND BENCH_FOLDER`.

const path = "/health/live"
const answer = { status: "healthy" }

const [kind = "", benchFolder = ""] = process.argv.slice(2)
const load = createRequire(`${benchFolder}package.json`)

/** The application as it is; at level debug, probes are logged, too. */
function lockstep(level: LogLevel): Express {
  const loaded = loadConfig({ NODE_ENV: "production", APP_ENV: "production" }, () => "")
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  const { config } = loaded
  const { logger }: Logging = createLogging({
    ...{ level, service: "bench", environment: "bench", version: "1", file: null },
  })
  const registry = createHealthRegistry({ ...config.health, checks: [], logger })
  const metrics = createMetrics({ processMetrics: false })
  const lifecycle = { phase: "ready" as const }
  return createApp({ config, logger, registry, metrics, lifecycle, startedAt: new Date() })
}

/** The same application with other handlers, or none, in the place of our request context and request log. */
function withInstead(...handlers: RequestHandler[]): Express {
  const app = lockstep("debug")
  const { stack } = app.router
  const first = stack.findIndex(layer => layer.handle === requestContext)
  if (first < 0 || stack[first + 1]?.name !== "logRequest")
    throw new Error("the request log is not where it was")
  const rest = stack.splice(first).slice(2)
  if (handlers.length > 0) app.use(...handlers)
  stack.push(...rest)
  return app
}

function expressWinston(): Express {
  const winston = load("winston")
  const transports = [new winston.transports.Console()]
  return withInstead(load("express-winston").logger({ transports, format: winston.format.json() }))
}

async function fastify(): Promise<RequestListener> {
  const app = load("fastify")({ logger: true })
  app.get(path, () => answer)
  await app.ready()
  return app.routing
}

const bare: RequestListener = (_request, response) => {
  const body = JSON.stringify(answer)
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length }).end(body)
}

const servers = {
  "no-log": () => withInstead(),
  lockstep: () => lockstep("debug"),
  "lockstep-info": () => lockstep("info"),
  winston: expressWinston,
  morgan: () => withInstead(load("morgan")("combined")),
  "pino-http": () => withInstead(load("pino-http")()),
  fastify,
  bare: () => bare,
}
export type ServerKind = keyof typeof servers

async function main(): Promise<void> {
  const server = createServer(await servers[kind as ServerKind]())
  // Whatever the parent says, it wants to know how much this process has worked.
  process.on("message", () => process.send?.(process.cpuUsage()))
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port))
}

void main()
