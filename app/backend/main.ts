import { readFileSync } from "node:fs"
import { createApp } from "./app.ts"
import { type Config, loadConfig, serviceName } from "./config.ts"
import { createEventLoopCheck } from "./health/event-loop-check.ts"
import { createHealthRegistry } from "./health/registry.ts"
import { createLifecycle } from "./lifecycle.ts"
import { createLogger, type Logger } from "./logging/logger.ts"
import { type RunningServer, startServer } from "./server.ts"

const exitFailure = 1
/** EX_CONFIG of sysexits.h: a restart will not help, a person must change something. */
const exitBadConfig = 78

function main(): void {
  const result = loadConfig(process.env, path => readFileSync(path, "utf8"))
  if (!result.ok) {
    const logger = createLogger({
      level: "info",
      service: serviceName,
      environment: "unknown",
      version: null,
    })
    for (const problem of result.problems) logger.fatal(problem, `${problem.variable} ${problem.rule}`)
    process.exit(exitBadConfig)
  }
  const { config } = result
  const { environment, logLevel: level, release } = config
  const logger = createLogger({ level, service: serviceName, environment, version: release.version })
  const die = (err: unknown) => {
    logger.fatal({ err }, "unexpected error")
    process.exit(exitFailure)
  }
  // Rejections that nobody handles come here too. What is left of the process cannot be trusted.
  process.on("uncaughtException", die)
  const starting = start(config, logger)
  starting.catch(die)
  stopOnSignals(starting, logger)
}

function start(config: Config, logger: Logger): Promise<RunningServer> {
  const lifecycle = createLifecycle()
  const registry = createHealthRegistry({
    checks: [createEventLoopCheck()],
    logger,
    timeoutMs: config.healthCheckTimeoutMs,
  })
  const app = createApp({ config, logger, registry, lifecycle, startedAt: new Date() })
  return startServer({ ...config, listener: app, lifecycle, logger })
}

function stopOnSignals(starting: Promise<RunningServer>, logger: Logger): void {
  const stop = async (signal: NodeJS.Signals) => {
    logger.info({ signal }, "signal received")
    const server = await starting
    const outcome = await server.stop()
    process.exit(outcome === "graceful" ? 0 : exitFailure)
  }
  // Not `once`: without a handler, a second signal would kill the process at once.
  process.on("SIGTERM", stop)
  process.on("SIGINT", stop)
}

main()
