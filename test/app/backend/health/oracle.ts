import type { ErrorClass } from "../../../../app/backend/health/schemas.ts"

// What the rules of docs/health.md say, worked out anew from the times of a made-up course of events.

/** `latency` is Infinity for a run that hangs; one that does not obey goes on after its time limit. */
export interface Run {
  readonly latency: number
  readonly error: ErrorClass | null
  readonly obeys: boolean
}

/** Runs come in this order, and again from the beginning when they are used up. */
export interface Course {
  readonly enabled: boolean
  readonly critical: boolean
  readonly runs: readonly Run[]
}

export interface Times {
  readonly interval: number
  readonly timeout: number
}

interface Result {
  readonly at: number
  readonly error: ErrorClass | null
  readonly wait: number
}

/** The results up to a time, with the wait after each. */
export function resultsOf({ enabled, runs }: Course, times: Times, until: number): Result[] {
  const results: Result[] = []
  let [time, failures, next, busyUntil] = [0, 0, 0, 0]
  while (enabled) {
    const run = busyUntil > time ? goesOn : (runs[next++ % runs.length] ?? goesOn)
    const { at, error, endsAt } = outcomeOf(run, time, times)
    if (at > until) break
    if (run !== goesOn) busyUntil = endsAt
    failures = error ? failures + 1 : 0
    const wait = waitAfter(failures, times)
    results.push({ at, error, wait })
    time = at + wait
  }
  return results
}

// The run before has not ended: this one is over at once.
const goesOn: Run = { latency: 0, error: "timeout", obeys: true }

function outcomeOf({ latency, error, obeys }: Run, start: number, { timeout }: Times) {
  if (latency <= timeout) return { at: start + latency, error, endsAt: start + latency }
  const at = start + timeout
  return { at, error: "timeout" as const, endsAt: obeys ? at : start + latency }
}

function waitAfter(failures: number, { interval }: Times): number {
  if (failures < 3) return interval
  return failures === 3 ? 2 * interval : 4 * interval
}

/** The status of one dependency, and whether it counts. */
export function expectedStatus(course: Course, times: Times, now: number, stoppedAt: number) {
  if (!course.enabled) return { status: "disabled", counts: false }
  const bad = course.critical ? "unhealthy" : "degraded"
  const last = resultsOf(course, times, Math.min(now, stoppedAt)).at(-1)
  if (!last) return { status: bad, counts: course.critical }
  if (now - last.at > 3 * last.wait + times.timeout) return { status: bad, counts: true }
  if (last.error === null) return { status: "healthy", counts: true }
  return { status: last.error === "rate_limited" ? "degraded" : bad, counts: true }
}

/** The worst status that counts. */
export function worst(expected: readonly { readonly status: string; readonly counts: boolean }[]): string {
  const order = ["healthy", "degraded", "unhealthy"]
  return expected
    .filter(({ counts }) => counts)
    .map(({ status }) => status)
    .reduce((a, b) => (order.indexOf(b) > order.indexOf(a) ? b : a), "healthy")
}
