import express, { type Express, type RequestHandler } from "express"
import { type Config, serviceName } from "./config.ts"
import type { HealthRegistry } from "./health/registry.ts"
import { healthRouter } from "./health/router.ts"
import { diagnosticsRouter } from "./http/diagnostics-router.ts"
import { errorHandler, notFound } from "./http/errors.ts"
import { requestContext } from "./http/request-context.ts"
import { requestLog } from "./http/request-log.ts"
import { versionRouter } from "./http/version-router.ts"
import type { Lifecycle } from "./lifecycle.ts"
import type { Logger } from "./logging/logger.ts"
import { httpMetrics } from "./metrics/http-metrics.ts"
import type { Metrics } from "./metrics/metrics.ts"
import { metricsRouter } from "./metrics/router.ts"

export interface AppDeps {
  readonly config: Config
  readonly logger: Logger
  readonly registry: HealthRegistry
  readonly metrics: Metrics
  readonly lifecycle: Readonly<Lifecycle>
  readonly startedAt: Date
}

/** Puts the routes together. Listens to nothing and starts nothing. */
export function createApp({ config, logger, registry, metrics, lifecycle, startedAt }: AppDeps): Express {
  const { environment, release } = config
  const { token } = config.health
  const identity = { service: serviceName, environment, ...release }
  const routes = () => metrics.routes()
  const app = express()
  app.disable("x-powered-by")
  // An answer about now must not become a 304.
  app.disable("etag")
  app.use(httpMetrics(metrics), requestContext, requestLog(logger), noSniff)
  app.use(healthRouter({ registry, lifecycle, identity, token, routes }))
  app.use(metricsRouter({ metrics, token }))
  app.use(versionRouter({ ...release, environment, startedAt: startedAt.toISOString() }))
  if (config.diagnostics) app.use(diagnosticsRouter())
  app.use(notFound, errorHandler(logger))
  return app
}

const noSniff: RequestHandler = (_request, response, next) => {
  response.set("X-Content-Type-Options", "nosniff")
  next()
}
