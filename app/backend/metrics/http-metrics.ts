import type { RequestHandler } from "express"
import { methodLabel, routeLabel, statusLabel } from "./labels.ts"
import type { Metrics } from "./metrics.ts"

/** Times every request that passes, and counts those in flight. Belongs before everything that answers. */
export function httpMetrics({ http }: Pick<Metrics, "http">): RequestHandler {
  return (request, response, next) => {
    // In the closure: a property of its own on the response took twice as long as all the rest.
    const start = performance.now()
    http.begin()
    // Also comes when the client gives up, unlike `finish`.
    response.on("close", () => {
      const at = performance.now()
      http.end(methodLabel(request.method), routeLabel(request), statusLabel(response), at - start, at)
    })
    next()
  }
}
