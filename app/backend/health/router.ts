import { type Response, Router } from "express"
import { combine, type HealthRegistry } from "./registry.ts"
import type { CheckReport, HealthReport } from "./types.ts"

export interface HealthRouterOptions {
  readonly registry: HealthRegistry
  /** Read at each request: an answer of a moment ago must not hide that the process is going. */
  readonly lifecycle: { readonly phase: string }
  /** Fields that every answer carries, such as the name of the service. */
  readonly identity: Readonly<Record<string, string | null>>
}

/**
 * Answers `/health` with everything, `/health/ready` with whether traffic may come, both with 503 when it may
 * not, and `/health/live` with 200 as long as the process can answer at all.
 */
export function healthRouter({ registry, lifecycle, identity }: HealthRouterOptions): Router {
  const router = Router()
  const send = (response: Response, report: HealthReport, extra: object) => {
    response
      .status(report.status === "fail" ? 503 : 200)
      .set("Cache-Control", "no-store")
      .type("application/health+json")
      .send(JSON.stringify({ status: report.status, ...extra, checks: report.checks }))
  }
  const everything = async () => {
    const { checks } = await registry.report()
    return combine({ lifecycle: lifecycleReport(lifecycle.phase), ...checks })
  }

  // Depends on nothing outside: a restart cures no dependency, and would take every instance out at once.
  router.get("/health/live", (_request, response) => send(response, combine({}), {}))
  router.get("/health/ready", async (_request, response) => send(response, await everything(), {}))
  router.get("/health", async (_request, response) => {
    send(response, await everything(), { ...identity, uptimeSeconds: Math.round(performance.now() / 1000) })
  })
  return router
}

function lifecycleReport(phase: string): CheckReport {
  return {
    status: phase === "ready" ? "pass" : "fail",
    message: phase,
    critical: true,
    latencyMs: 0,
    checkedAt: new Date().toISOString(),
  }
}
