import fc from "fast-check"
import { expect, test } from "vitest"
import { CheckError } from "../../../../app/backend/health/check-error.ts"
import type { Clock } from "../../../../app/backend/health/clock.ts"
import { createHealthRegistry } from "../../../../app/backend/health/registry.ts"
import type { ErrorClass } from "../../../../app/backend/health/schemas.ts"
import type { HealthCheck } from "../../../../app/backend/health/types.ts"
import { collectLines } from "./checks.ts"
import { createFakeClock } from "./fake-clock.ts"
import { type Course, expectedStatus, type Run, resultsOf, worst } from "./oracle.ts"
import { printedSeed } from "./seed.ts"

const times = { interval: 1000, timeout: 200 }

// Odd, so that no run ends at the very moment of a time limit or of the next run: nothing is said about those.
const latency = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 99 }).map(half => 2 * half + 1) },
  { weight: 2, arbitrary: fc.integer({ min: 100, max: 4000 }).map(half => 2 * half + 1) },
  { weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
)
const error = fc.option(
  fc.constantFrom<ErrorClass>("timeout", "unauthorized", "rate_limited", "unreachable", "server_error"),
)
const run: fc.Arbitrary<Run> = fc.record({ latency, error, obeys: fc.boolean() })
const course: fc.Arbitrary<Course> = fc.record({
  enabled: fc.integer({ min: 0, max: 4 }).map(number => number > 0),
  critical: fc.boolean(),
  runs: fc.array(run, { minLength: 1, maxLength: 6 }),
})
const scenario = fc.record({
  courses: fc.array(course, { maxLength: 4 }),
  steps: fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 6 }),
  // Long enough for every result to become stale.
  stopAfter: fc.option(fc.nat(6)),
  silence: fc.integer({ min: 0, max: 15_000 }),
})

function checkOf(name: string, { enabled, runs }: Course, clock: Clock): HealthCheck {
  let next = 0
  return {
    name,
    enabled,
    backsOff: true,
    run: signal =>
      new Promise((resolve, reject) => {
        const present = runs[next++ % runs.length]
        if (!present) return
        if (present.obeys) signal.addEventListener("abort", () => reject(new Error("aborted")))
        const end = () => (present.error ? reject(new CheckError(present.error)) : resolve())
        if (present.latency !== Number.POSITIVE_INFINITY) clock.after(present.latency, end)
      }),
  }
}

function changesOf(courseOfOne: Course, until: number): number {
  const errors = [null, ...resultsOf(courseOfOne, times, until).map(result => result.error)]
  return errors.filter((each, index) => index > 0 && each !== errors[index - 1]).length
}

const statusName =
  "Property 4, health: whatever the dependencies do, the status is the one that the rules give"

test(statusName, { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ courses, steps, stopAfter, silence }) => {
      const clock = createFakeClock()
      const { logger, lines } = collectLines()
      const registry = createHealthRegistry({
        checks: courses.map((each, index) => checkOf(`d${index}`, each, clock)),
        critical: courses.flatMap((each, index) => (each.critical ? [`d${index}`] : [])),
        logger,
        intervalMs: times.interval,
        timeoutMs: times.timeout,
        clock,
        random: () => 0.5,
      })
      let [now, stoppedAt] = [0, Number.POSITIVE_INFINITY]
      const agree = () => {
        const expected = courses.map(each => expectedStatus(each, times, now, stoppedAt))
        const { status, dependencies } = registry.snapshot()
        expect(dependencies.map(each => each.status)).toEqual(expected.map(each => each.status))
        expect(status).toBe(worst(expected))
      }
      const goOn = async (ms: number) => {
        await clock.advance(ms)
        now += ms
        agree()
      }
      registry.start()
      for (const [index, ms] of steps.entries()) {
        await goOn(ms)
        if (index !== stopAfter) continue
        registry.stop()
        stoppedAt = now
        await goOn(silence)
        break
      }
      const end = Math.min(now, stoppedAt)
      expect(lines).toHaveLength(courses.reduce((sum, each) => sum + changesOf(each, end), 0))
    }),
    { numRuns: 1500, seed: printedSeed(statusName) },
  )
})
