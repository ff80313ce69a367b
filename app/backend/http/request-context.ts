import { randomUUID } from "node:crypto"
import type { RequestHandler } from "express"
import { type LogContext, runInContext } from "../logging/context.ts"

// A caller's id is taken only when it is harmless: it ends up in logs and in headers.
const acceptableId = /^[A-Za-z0-9_-]{1,64}$/
// version-traceid-parentid-flags of W3C Trace Context; ids of zeros are invalid.
const acceptableTraceparent = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/**
 * Gives the request its correlation id, echoes it as X-Request-ID and runs the rest within the log context. The id
 * is the caller's X-Request-ID, else the trace id of its traceparent, else a new UUID.
 */
export const requestContext: RequestHandler = (request, response, next) => {
  const { "x-request-id": id, traceparent } = request.headers
  const context = contextOf(textOrNone(id), textOrNone(traceparent))
  response.setHeader("X-Request-ID", context.correlationId)
  runInContext(context, next)
}

// Node joins repeated headers of these names; its types do not say so.
const textOrNone = (header: string | string[] | undefined): string | undefined =>
  typeof header === "string" ? header : undefined

function contextOf(givenId: string | undefined, traceparent: string | undefined): LogContext {
  const id = givenId !== undefined && acceptableId.test(givenId) ? givenId : undefined
  const traceId = traceparent === undefined ? undefined : acceptableTraceparent.exec(traceparent)?.[1]
  if (traceparent === undefined || traceId === undefined) return { correlationId: id ?? randomUUID() }
  return { correlationId: id ?? traceId, traceparent }
}
