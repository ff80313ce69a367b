import express, { type RequestHandler } from "express"
import { errorHandler, notFound } from "../../../../app/backend/http/errors.ts"
import { requestContext } from "../../../../app/backend/http/request-context.ts"
import { requestLog } from "../../../../app/backend/http/request-log.ts"
import { captureLogs, serve } from "../support.ts"

/** The application's own chain around one handler at /here, on a real port. */
export async function serveWith(handler: RequestHandler) {
  const { logger, records } = captureLogs()
  const app = express()
  app.use(requestContext, requestLog(logger), express.json())
  app.all("/here", handler)
  app.use(notFound, errorHandler(logger))
  return { base: await serve(app), logger, records }
}
