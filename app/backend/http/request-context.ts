import { randomUUID } from "node:crypto"
import type { RequestHandler } from "express"
import { runInContext } from "../logging/context.ts"

const acceptable = /^[A-Za-z0-9_-]{1,64}$/

/**
 * Gives the request its correlation id, echoes it as X-Request-ID and runs the rest within the log context.
 * A caller's id is taken only when it is harmless: it ends up in logs and in headers.
 */
export const requestContext: RequestHandler = (request, response, next) => {
  const given = request.get("x-request-id")
  const requestId = given !== undefined && acceptable.test(given) ? given : randomUUID()
  response.set("X-Request-ID", requestId)
  runInContext({ requestId }, next)
}
