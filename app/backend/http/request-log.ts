import type { RequestHandler, Response } from "express"
import { currentContext } from "../logging/context.ts"
import type { Logger } from "../logging/logger.ts"

/** Logs one line a request, when it is over: method, path without its query, status, milliseconds. */
export function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const start = performance.now()
    // The query may hold anything, and the length of a path is the caller's choice.
    const path = request.path.slice(0, 256)
    // The end of a connection is reported outside of the context of the request.
    const context = currentContext()
    response.once("close", () => {
      const fields = {
        ...context,
        method: request.method,
        path,
        status: response.statusCode,
        durationMs: Math.round((performance.now() - start) * 10) / 10,
        aborted: !response.writableFinished,
      }
      logger[levelOf(response, path)](fields, "request")
    })
    next()
  }
}

function levelOf(response: Response, path: string): "debug" | "info" | "warn" | "error" {
  // Not ready is an answer, not an error: the health log tells about it once, instead of at every probe.
  if (path === "/health" || path.startsWith("/health/")) return "debug"
  if (response.statusCode >= 500) return "error"
  return response.statusCode >= 400 ? "warn" : "info"
}
