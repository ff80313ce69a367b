import { AsyncLocalStorage } from "node:async_hooks"
import { describe, expect, test } from "vitest"
import { createHealthRegistry } from "../../../../app/backend/health/registry.ts"
import { check, collectLines, fails, passes } from "./checks.ts"
import { createFakeClock } from "./fake-clock.ts"
import { intervalMs, setup, timeoutMs } from "./registry-setup.ts"

describe("runs", () => {
  test("they go on from start to stop, an interval after the end of the one before", async () => {
    const { clock, registry, results } = setup([check("a", passes)])
    await clock.advance(5 * intervalMs)
    expect(results).toHaveLength(0)
    registry.start()
    registry.start()
    await clock.advance(3 * intervalMs)
    expect(results).toHaveLength(4)
    registry.stop()
    registry.start()
    await clock.advance(5 * intervalMs)
    expect(results).toHaveLength(4)
    expect(clock.pending).toBe(0)
  })

  test("asking runs nothing", async () => {
    const { clock, registry, results } = setup([check("a", passes)])
    registry.start()
    await clock.advance(0)
    for (let i = 0; i < 100; i++) registry.snapshot()
    await clock.advance(intervalMs - 1)
    expect(results).toHaveLength(1)
  })

  test("one that ignores its signal is given up, and not joined by another before it ends", async () => {
    let runs = 0
    let end = () => {}
    const stubborn = check("a", async () => {
      runs += 1
      if (runs === 1) await new Promise<void>(resolve => (end = resolve))
    })
    const { clock, registry, first } = setup([stubborn])
    registry.start()
    await clock.advance(timeoutMs)
    expect(first()).toMatchObject({ status: "degraded", lastError: "timeout", latencyMs: timeoutMs })
    await clock.advance(20 * intervalMs)
    expect(first()).toMatchObject({ status: "degraded", lastError: "timeout", latencyMs: null })
    expect(runs).toBe(1)
    end()
    await clock.advance(4 * intervalMs)
    expect(first()).toMatchObject({ status: "healthy", lastError: null })
    expect(runs).toBeGreaterThan(1)
  })

  test("the signal aborts at the time limit, and the class is timeout whatever the check then throws", async () => {
    const obedient = check("a", signal => {
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))))
    })
    const { clock, registry, first } = setup([obedient])
    registry.start()
    await clock.advance(timeoutMs - 1)
    expect(first()?.checkedAt).toBeNull()
    await clock.advance(1)
    expect(first()?.lastError).toBe("timeout")
  })

  test("stop aborts a run, and its result no longer counts", async () => {
    let seen: AbortSignal | undefined
    const obedient = check("a", signal => {
      seen = signal
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))))
    })
    const { clock, registry, results, lines } = setup([obedient])
    registry.start()
    registry.stop()
    expect(seen?.aborted).toBe(true)
    await clock.advance(10 * intervalMs)
    expect([results, lines]).toEqual([[], []])
  })

  test.each([
    ["throws at once", () => raise(new Error("k-123 at 10.0.0.7"))],
    ["rejects with no error", () => Promise.reject("k-123 at 10.0.0.7")],
  ])("a check that %s is an internal error, and its text is nowhere", async (_, run) => {
    const { clock, registry, lines, first } = setup([check("a", run)])
    registry.start()
    await clock.advance(0)
    expect(first()).toMatchObject({ lastError: "internal_error" })
    expect(JSON.stringify([lines, registry.snapshot()])).not.toMatch(/k-123|10\.0\.0\.7/)
  })

  test("each happens inside of a scope of its own", async () => {
    const storage = new AsyncLocalStorage<number>()
    const seen: unknown[] = []
    let count = 0
    const clock = createFakeClock()
    const registry = createHealthRegistry({
      checks: [check("a", async () => void seen.push(storage.getStore()))],
      critical: [],
      logger: collectLines().logger,
      intervalMs,
      timeoutMs,
      clock,
      scope: work => storage.run(++count, work),
    })
    registry.start()
    await clock.advance(2.5 * intervalMs)
    expect(seen).toEqual([1, 2, 3])
  })
})

describe("circuit", () => {
  test("after three failures in a row the interval doubles up to four times its length; a success closes it", async () => {
    let healthy = false
    const flaky = check("a", async () => {
      if (!healthy) await fails("unreachable")()
    })
    const { clock, registry, results, first } = setup([flaky])
    registry.start()
    const intervals: unknown[] = []
    for (const ms of [0, 1000, 1000, 2000, 4000, 4000]) {
      await clock.advance(ms)
      intervals.push([results.length, first()?.circuit.state, first()?.circuit.intervalMs])
    }
    expect(intervals).toEqual([
      [1, "closed", 1000],
      [2, "closed", 1000],
      [3, "open", 2000],
      [4, "open", 4000],
      [5, "open", 4000],
      [6, "open", 4000],
    ])
    healthy = true
    await clock.advance(4000)
    expect(first()?.circuit).toEqual({ state: "closed", consecutiveFailures: 0, intervalMs: 1000 })
  })

  test("a check that is asked less often is not stale for it", async () => {
    const { clock, registry, first } = setup([check("a", fails("rate_limited"))], ["a"])
    registry.start()
    await clock.advance(100 * intervalMs)
    await clock.advance(3.9 * intervalMs)
    expect(first()).toMatchObject({ status: "degraded", stale: false, circuit: { state: "open" } })
  })

  test("a check in the process does not back off", async () => {
    const { clock, registry, results } = setup([
      { ...check("a", fails("event_loop_blocked")), backsOff: false },
    ])
    registry.start()
    await clock.advance(20 * intervalMs)
    expect(results).toHaveLength(21)
  })
})

function raise(error: Error): never {
  throw error
}
