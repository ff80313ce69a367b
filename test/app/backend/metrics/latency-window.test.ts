import fc from "fast-check"
import { expect, test } from "vitest"
import { createLatencyWindow } from "../../../../app/backend/metrics/latency-window.ts"

test("percentiles are by nearest rank", () => {
  const window = createLatencyWindow({ size: 200, maxAgeMs: 1000 })
  for (let ms = 100; ms >= 1; ms--) window.add(ms, 0)
  expect(window.summary(0)).toEqual({ count: 100, p50: 50, p95: 95, p99: 99 })
})

test("an empty window has no summary", () => {
  const window = createLatencyWindow({ size: 2, maxAgeMs: 1000 })
  expect([window.summary(0), window.recent(5, 0)]).toEqual([null, []])
})

test("what is too old or too many leaves", () => {
  const window = createLatencyWindow({ size: 3, maxAgeMs: 100 })
  for (const now of [0, 10, 20, 30]) window.add(now, now)
  expect(window.recent(9, 30)).toEqual([10, 20, 30])
  expect(window.recent(9, 110)).toEqual([10, 20, 30])
  expect(window.recent(9, 111)).toEqual([20, 30])
  expect(window.recent(1, 111)).toEqual([30])
  expect(window.summary(131)).toBeNull()
})

test("latencies are shown to hundredths", () => {
  const window = createLatencyWindow({ size: 3, maxAgeMs: 100 })
  window.add(1.23456, 0)
  expect([window.summary(0)?.p50, window.recent(1, 0)]).toEqual([1.23, [1.23]])
})

test("it agrees with sorting all that is young enough, whatever comes in whatever pace", () => {
  const step = fc.record({ wait: fc.nat(50), ms: fc.integer({ min: 0, max: 5000 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (steps, size) => {
      const window = createLatencyWindow({ size, maxAgeMs: 200 })
      const all: { now: number; ms: number }[] = []
      let now = 0
      for (const { wait, ms } of steps) {
        now += wait
        window.add(ms, now)
        all.push({ now, ms })
        const young = all.slice(-size).filter(each => now - each.now <= 200)
        const sorted = young.map(each => each.ms).sort((a, b) => a - b)
        const rank = (share: number) => sorted[Math.ceil(sorted.length * share) - 1]
        expect(window.summary(now)).toEqual({
          count: sorted.length,
          p50: rank(0.5),
          p95: rank(0.95),
          p99: rank(0.99),
        })
        expect(window.recent(size, now)).toEqual(young.map(each => each.ms))
      }
    }),
  )
})
