import type { RequestHandler, Response } from "express"
import { currentContext } from "../logging/context.ts"
import type { Logger } from "../logging/logger.ts"
import { routeLabel } from "../metrics/labels.ts"
import { bytesOf, countBytes } from "./body-bytes.ts"

const maxPathLength = 256

/**
 * Logs one line a request, when it is over: method, route, path without its query, status, milliseconds, bytes of
 * the body, and whether the client gave up. docs/logging.md describes each.
 */
export function requestLog(logger: Logger): RequestHandler {
  return function logRequest(request, response, next) {
    const start = performance.now()
    // The query may hold anything, and the length of a path is the caller's choice. A router may change it later.
    const path = request.path.slice(0, maxPathLength)
    countBytes(response)
    // The end of a connection is reported outside of the context of the request.
    const context = currentContext()
    response.on("close", () => {
      const fields = {
        method: request.method,
        route: routeLabel(request),
        path,
        status: response.headersSent ? response.statusCode : null,
        durationMs: Math.round((performance.now() - start) * 10) / 10,
        bytes: bytesOf(response),
        aborted: !response.writableFinished,
      }
      logger[levelOf(response, path)](fields, "request", context)
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
