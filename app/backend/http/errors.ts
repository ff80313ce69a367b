import type { ErrorRequestHandler, RequestHandler } from "express"
import { getCorrelationId } from "../logging/context.ts"
import type { Logger } from "../logging/logger.ts"
import { AppError, phraseOf, toAppError } from "./app-error.ts"

/** Turns a request that no route took into a 404. */
export const notFound: RequestHandler = (_request, _response, next) => next(new AppError("not_found", 404))

/**
 * Answers errors as `{"error": {"code", "message", "correlationId"}}`. The text of an error never leaves the
 * process; the correlationId finds it in the log.
 */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (thrown, _request, response, next) => {
    const error = toAppError(thrown)
    if (error.status >= 500) logger.error({ err: error, code: error.code }, "request failed")
    // Half an answer is on its way already: Express then cuts the connection, so that nobody takes it for whole.
    if (response.headersSent) return next(thrown)
    const correlationId = getCorrelationId()
    response
      .status(error.status)
      .json({ error: { code: error.code, message: phraseOf(error.status), correlationId } })
  }
}
