import { Router } from "express"
import { bearerGate } from "../health/bearer.ts"
import { AppError } from "../http/app-error.ts"
import type { Metrics } from "./metrics.ts"

export interface MetricsRouterOptions {
  readonly metrics: Metrics
  /** Whoever brings it as `Authorization: Bearer` gets the metrics; null gives them to everyone. */
  readonly token: string | null
}

/** Answers `/metrics` for Prometheus. Throws a 401 for a caller without the token. */
export function metricsRouter({ metrics, token }: MetricsRouterOptions): Router {
  const router = Router()
  const mayKnow = bearerGate(token)
  router.get("/metrics", async (request, response) => {
    response.set("Cache-Control", "no-store")
    if (!mayKnow(request.headers.authorization)) {
      response.set("WWW-Authenticate", "Bearer")
      throw new AppError("unauthorized", 401)
    }
    response.type(metrics.contentType).send(await metrics.text())
  })
  return router
}
