import { describe, expect, test } from "vitest"
import type { ErrorClass } from "../../../../app/backend/health/schemas.ts"
import { check, fails, hangs, passes } from "./checks.ts"
import { intervalMs, setup, timeoutMs } from "./registry-setup.ts"

test("without checks it is healthy", () => {
  expect(setup([]).registry.snapshot()).toEqual({ status: "healthy", dependencies: [] })
})

test("two checks of one name and a critical name that nobody has are refused", () => {
  expect(() => setup([check("a", passes), check("a", passes)])).toThrow("share a name")
  expect(() => setup([check("a", passes)], ["b"])).toThrow("no health check is named b")
})

test("a result shows status, latency, time and age", async () => {
  const { clock, registry, first } = setup([check("a", () => after(30))], ["a"])
  const after = (ms: number) => new Promise<void>(resolve => clock.after(ms, resolve))
  registry.start()
  await clock.advance(40)
  expect(first()).toEqual({
    name: "a",
    status: "healthy",
    critical: true,
    latencyMs: 30,
    checkedAt: "2026-01-01T00:00:00.030Z",
    ageMs: 10,
    stale: false,
    lastError: null,
    circuit: { state: "closed", consecutiveFailures: 0, intervalMs },
    latency: { count: 1, p50: 30, p95: 30, p99: 30 },
    recentLatenciesMs: [30],
  })
})

test("at most the last 30 latencies are shown", async () => {
  const { clock, registry, first } = setup([check("a", passes)])
  registry.start()
  await clock.advance(40 * intervalMs)
  expect(first()?.recentLatenciesMs).toHaveLength(30)
  expect(first()?.latency?.count).toBe(41)
})

describe("before the first result", () => {
  test("what is not critical is degraded and does not count", () => {
    const { registry, first } = setup([check("a", hangs)])
    registry.start()
    expect(first()).toMatchObject({ status: "degraded", checkedAt: null, ageMs: null, lastError: null })
    expect(registry.snapshot().status).toBe("healthy")
  })

  test("what is critical is unhealthy, until its result or its time limit", async () => {
    const { clock, registry, first } = setup([check("a", hangs)], ["a"])
    registry.start()
    expect(first()).toMatchObject({ status: "unhealthy", checkedAt: null })
    await clock.advance(timeoutMs)
    expect(first()).toMatchObject({ status: "unhealthy", lastError: "timeout", latencyMs: timeoutMs })
  })
})

describe("status", () => {
  test.each<[ErrorClass, string, string]>([
    ["timeout", "degraded", "unhealthy"],
    ["unauthorized", "degraded", "unhealthy"],
    ["internal_error", "degraded", "unhealthy"],
    ["rate_limited", "degraded", "degraded"],
    ["event_loop_blocked", "degraded", "degraded"],
  ])("%s is %s, and %s when critical", async (errorClass, mild, grave) => {
    const { clock, registry } = setup([check("a", fails(errorClass)), check("b", fails(errorClass))], ["b"])
    registry.start()
    await clock.advance(0)
    const { dependencies, status } = registry.snapshot()
    expect(dependencies.map(each => each.status)).toEqual([mild, grave])
    expect(dependencies.map(each => each.lastError)).toEqual([errorClass, errorClass])
    expect(status).toBe(grave)
  })

  test("a disabled check is never run and does not count, even when critical", async () => {
    const { clock, registry, results, first } = setup([{ ...check("a", hangs), enabled: false }], ["a"])
    registry.start()
    await clock.advance(10 * intervalMs)
    expect(first()).toMatchObject({ status: "disabled", checkedAt: null, stale: false })
    expect(registry.snapshot().status).toBe("healthy")
    expect(results).toEqual([])
  })

  test("an old result is stale: degraded, and unhealthy when critical", async () => {
    const { clock, registry } = setup([check("a", passes), check("b", passes)], ["b"])
    registry.start()
    await clock.advance(0)
    registry.stop()
    await clock.advance(3 * intervalMs + timeoutMs)
    expect(registry.snapshot().status).toBe("healthy")
    await clock.advance(1)
    expect(registry.snapshot().dependencies).toMatchObject([
      { status: "degraded", stale: true, lastError: null },
      { status: "unhealthy", stale: true, lastError: null },
    ])
  })
})

test("a change is logged once with its class, and so are a change of class and the recovery", async () => {
  const course: (ErrorClass | null)[] = [null, "timeout", "timeout", "unauthorized", null, null]
  const steps = course.values()
  const { clock, registry, lines } = setup([
    check("a", async () => {
      const step = steps.next().value
      if (step) await fails(step)()
    }),
  ])
  registry.start()
  for (let i = 0; i < course.length; i++) await clock.advance(intervalMs)
  expect(lines).toMatchObject([
    { level: "warn", check: "a", from: "healthy", to: "degraded", errorClass: "timeout" },
    { level: "warn", from: "degraded", to: "degraded", errorClass: "unauthorized" },
    { level: "info", from: "degraded", to: "healthy", errorClass: null, recoveredFrom: "unauthorized" },
  ])
})
