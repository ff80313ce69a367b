import { inspect } from "node:util"
import { expect } from "vitest"
import { CheckError, toCheckError } from "../../../../../app/backend/health/check-error.ts"
import type { HealthCheck } from "../../../../../app/backend/health/types.ts"

/** For what does not hang: a busy machine may take a while. */
export const patienceMs = 20_000
/** For what does. */
export const hangMs = 400

export const unaborted = new AbortController().signal

/** Runs a check that must fail within its time limit; `everything` is all that a logger could find. */
export async function failureOf(check: HealthCheck, limitMs = patienceMs) {
  let thrown: unknown
  try {
    await check.run(AbortSignal.timeout(limitMs))
  } catch (error) {
    thrown = toCheckError(error)
  }
  if (!(thrown instanceof CheckError)) expect.fail("the check passed")
  const { errorClass, reason } = thrown
  const { stack, ...rest } = thrown
  // The stack names this machine's folders; its first line is what an error says.
  return { errorClass, reason, everything: inspect([String(thrown), thrown.cause, rest], { depth: 9 }) }
}
