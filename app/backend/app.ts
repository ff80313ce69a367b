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

export interface AppDeps {
  readonly config: Config
  readonly logger: Logger
  readonly registry: HealthRegistry
  readonly lifecycle: Readonly<Lifecycle>
  readonly startedAt: Date
}

/** Puts the routes together. Listens to nothing and starts nothing. */
export function createApp({ config, logger, registry, lifecycle, startedAt }: AppDeps): Express {
  const { environment, release } = config
  const app = express()
  app.disable("x-powered-by")
  // An answer about now must not become a 304.
  app.disable("etag")
  app.use(requestContext, requestLog(logger), noSniff)
  app.use(healthRouter({ registry, lifecycle, identity: { service: serviceName, environment, ...release } }))
  app.use(versionRouter({ ...release, environment, startedAt: startedAt.toISOString() }))
  if (config.diagnostics) app.use(diagnosticsRouter())
  app.use(notFound, errorHandler(logger))
  return app
}

const noSniff: RequestHandler = (_request, response, next) => {
  response.set("X-Content-Type-Options", "nosniff")
  next()
}
