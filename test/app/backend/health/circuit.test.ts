import fc from "fast-check"
import { expect, test } from "vitest"
import { circuitAfter, jittered } from "../../../../app/backend/health/circuit.ts"

const settings = { intervalMs: 1000, failuresToOpen: 3, maxIntervalMs: 5000 }

test.each([
  [0, "closed", 1000],
  [2, "closed", 1000],
  [3, "open", 2000],
  [4, "open", 4000],
  [5, "open", 5000],
  [5000, "open", 5000],
])("after %i failures it is %s and asks every %i ms", (failures, state, intervalMs) => {
  expect(circuitAfter(failures, settings)).toEqual({ state, consecutiveFailures: failures, intervalMs })
})

test("a longest interval below the usual one does not make it shorter", () => {
  expect(circuitAfter(9, { ...settings, maxIntervalMs: 10 }).intervalMs).toBe(1000)
})

test("jitter stays within a tenth and uses all of it", () => {
  expect([jittered(1000, () => 0), jittered(1000, () => 0.5), jittered(1000, () => 1)]).toEqual([
    900, 1000, 1100,
  ])
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), share => {
      const ms = jittered(1000, () => share)
      expect(ms).toBeGreaterThanOrEqual(900)
      expect(ms).toBeLessThanOrEqual(1100)
    }),
  )
})
