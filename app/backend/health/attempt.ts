import { CheckError, toCheckError } from "./check-error.ts"
import type { Clock } from "./clock.ts"
import type { HealthCheck } from "./types.ts"

export interface Attempt {
  /** Undefined when all was well. Comes at the latest with the time limit, and never rejects. */
  readonly outcome: Promise<CheckError | undefined>
  /** Resolves when the check itself has ended, which may be long after the outcome. */
  readonly ended: Promise<void>
  /** Aborts the check's signal and calls off the time limit. */
  abort(): void
}

/** Runs a check once. A check that ignores its signal is left behind when its time is up. */
export function attemptCheck(check: HealthCheck, timeoutMs: number, clock: Clock): Attempt {
  const controller = new AbortController()
  // The async function turns what a check throws at once into a rejection.
  const work = (async () => check.run(controller.signal))()
  let callOff = () => {}
  const limit = new Promise<never>((_, reject) => {
    callOff = clock.after(timeoutMs, () => {
      reject(new CheckError("timeout", "time limit"))
      controller.abort()
    })
  })
  const ended = work.then(
    () => {},
    () => {},
  )
  const outcome = Promise.race([work, limit])
    .then(() => undefined, toCheckError)
    .finally(callOff)
  return {
    outcome,
    ended,
    abort() {
      callOff()
      controller.abort()
    },
  }
}
