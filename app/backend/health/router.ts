import { type Request, type Response, Router } from "express"
import { ietfAnswer, ietfStatus } from "./answers.ts"
import { bearerGate } from "./bearer.ts"
import type { HealthRegistry } from "./registry.ts"
import type { HealthAnswer, HealthStatus, Identity, Phase, RouteLatency } from "./schemas.ts"

export interface HealthRouterOptions {
  readonly registry: HealthRegistry
  /** Read at each request: an answer of a moment ago must not hide that the process is going. */
  readonly lifecycle: { readonly phase: Phase }
  readonly identity: Identity
  /** Whoever brings it as `Authorization: Bearer` sees the details of /health; null shows them to everyone. */
  readonly token: string | null
  /** How long the routes took of late. */
  readonly routes: () => RouteLatency[]
}

/**
 * Answers `/health` with what is known, `/health/ready` with whether traffic may come, both with 503 when it may
 * not, and `/health/live` with 200 as long as the process can answer at all. None waits for a check.
 */
export function healthRouter(options: HealthRouterOptions): Router {
  const router = Router()
  const mayKnow = bearerGate(options.token)
  const vary = options.token === null ? "Accept" : "Accept, Authorization"

  // Depends on nothing outside: a restart cures no dependency, and would take every instance out at once.
  router.get("/health/live", (request, response) => {
    send(request, response, "healthy", { status: "healthy" })
  })
  router.get("/health/ready", (request, response) => {
    const status = currentStatus(options)
    send(request, response, status, { status, phase: options.lifecycle.phase })
  })
  router.get("/health", (request, response) => {
    response.set("Vary", vary)
    if (!mayKnow(request.headers.authorization)) {
      const status = currentStatus(options)
      return send(request, response, status, { status, timestamp: new Date().toISOString() })
    }
    const answer = fullAnswer(options)
    send(request, response, answer.status, answer, () => ietfAnswer(answer))
  })
  return router
}

function fullAnswer({ registry, lifecycle, identity, routes }: HealthRouterOptions): HealthAnswer {
  const { status, dependencies } = registry.snapshot()
  return {
    status: inPhase(lifecycle.phase, status),
    ...identity,
    phase: lifecycle.phase,
    uptimeSeconds: Math.floor(performance.now() / 1000),
    timestamp: new Date().toISOString(),
    dependencies: [...dependencies],
    routes: routes(),
  }
}

const currentStatus = ({ registry, lifecycle }: HealthRouterOptions): HealthStatus =>
  inPhase(lifecycle.phase, registry.snapshot().status)

// A process that comes or goes takes no traffic, however well its dependencies are.
const inPhase = (phase: Phase, status: HealthStatus): HealthStatus =>
  phase === "ready" ? status : "unhealthy"

function send(
  request: Request,
  response: Response,
  status: HealthStatus,
  body: object,
  ietfBody: () => object = () => ({ status: ietfStatus(status) }),
): void {
  response.status(status === "unhealthy" ? 503 : 200).set("Cache-Control", "no-store")
  if (!response.hasHeader("Vary")) response.set("Vary", "Accept")
  if (prefersIetf(request)) response.type("application/health+json").send(JSON.stringify(ietfBody()))
  else response.json(body)
}

// Looked for first: liveness is asked often, and hardly ever in this way.
function prefersIetf(request: Request): boolean {
  if (!request.headers.accept?.includes("health+json")) return false
  return request.accepts(["application/json", "application/health+json"]) === "application/health+json"
}
