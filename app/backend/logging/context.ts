import { AsyncLocalStorage } from "node:async_hooks"
import { randomBytes } from "node:crypto"

/** What every line that is logged on behalf of a request carries, and what its calls to others tell. */
export interface LogContext {
  readonly correlationId: string
  /** The caller's W3C trace context, valid, as it came. */
  readonly traceparent?: string
}

const storage = new AsyncLocalStorage<LogContext>()

/** Runs `work`, and all that it starts, within the context. */
export const runInContext = <T>(context: LogContext, work: () => T): T => storage.run(context, work)

/** The context of the running request; undefined outside of one. */
export const currentContext = (): LogContext | undefined => storage.getStore()

/** The correlation id of the running request; undefined outside of one. */
export const getCorrelationId = (): string | undefined => storage.getStore()?.correlationId

/**
 * Headers that tell another service on whose behalf it is called: `x-request-id`, and when the caller sent a
 * `traceparent`, one of the same trace with a new parent id. Empty outside of a request.
 */
export function correlationHeaders(): Record<string, string> {
  const context = storage.getStore()
  if (context === undefined) return {}
  const headers: Record<string, string> = { "x-request-id": context.correlationId }
  if (context.traceparent !== undefined) headers.traceparent = withNewParent(context.traceparent)
  return headers
}

// version-traceid-parentid-flags
function withNewParent(traceparent: string): string {
  const [version, traceId, , flags] = traceparent.split("-")
  return [version, traceId, randomBytes(8).toString("hex"), flags].join("-")
}
