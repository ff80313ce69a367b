import type { ErrorClass } from "./schemas.ts"

/**
 * Why a check failed. Takes no other error as its cause: that may hold an address, a key or a body, and this one
 * goes to logs. `reason` is for the log only: a code such as ECONNREFUSED or "HTTP 503", nothing else.
 */
export class CheckError extends Error {
  readonly errorClass: ErrorClass
  readonly reason: string | undefined

  constructor(errorClass: ErrorClass, reason?: string) {
    super(errorClass)
    this.name = "CheckError"
    this.errorClass = errorClass
    this.reason = reason
  }
}

/** Whatever a check threw. What is not a CheckError is a mistake in the check; only its kind is kept. */
export function toCheckError(thrown: unknown): CheckError {
  if (thrown instanceof CheckError) return thrown
  return new CheckError("internal_error", thrown instanceof Error ? thrown.constructor.name : typeof thrown)
}
