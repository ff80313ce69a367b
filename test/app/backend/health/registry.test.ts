import { setTimeout as sleep } from "node:timers/promises"
import { expect, test } from "vitest"
import { createHealthRegistry } from "../../../../app/backend/health/registry.ts"
import type { HealthCheck, HealthStatus } from "../../../../app/backend/health/types.ts"
import { captureLogs } from "../support.ts"

const check = (name: string, critical: boolean, run: HealthCheck["run"]): HealthCheck => ({
  name,
  critical,
  run,
})
const says = (status: HealthStatus) => async () => ({ status })
const throws = async () => {
  throw new Error("connect to 10.0.0.7 with key k-123 refused")
}

function registry(checks: HealthCheck[], timeoutMs = 1000) {
  const logs = captureLogs()
  return { ...createHealthRegistry({ checks, logger: logs.logger, timeoutMs }), logs }
}

test("without checks the report passes", async () => {
  expect(await registry([]).report()).toEqual({ status: "pass", checks: {} })
})

test("a report shows status, latency and time of every check", async () => {
  const slow = check("slow", true, async () => {
    await sleep(30)
    return { status: "pass", message: "fine" }
  })
  const { status, checks } = await registry([slow]).report()
  expect(status).toBe("pass")
  expect(checks.slow).toMatchObject({ status: "pass", critical: true, message: "fine" })
  expect(checks.slow?.latencyMs).toBeGreaterThanOrEqual(25)
  expect(Date.parse(checks.slow?.checkedAt ?? "")).toBeGreaterThan(Date.now() - 5000)
})

test("a critical check that fails makes the whole fail", async () => {
  expect(
    (await registry([check("a", true, says("fail")), check("b", true, says("pass"))]).report()).status,
  ).toBe("fail")
})

test("a check that is not critical can only degrade the whole", async () => {
  const report = await registry([check("a", false, throws)]).report()
  expect(report).toMatchObject({ status: "warn", checks: { a: { status: "warn" } } })
})

test("the error of a check goes to the log and not into the report", async () => {
  const { report, logs } = registry([check("a", true, throws)])
  expect(JSON.stringify(await report())).not.toMatch(/10\.0\.0\.7|k-123/)
  expect(logs.records()[0]).toMatchObject({
    level: "warn",
    check: "a",
    to: "fail",
    err: { message: /k-123/ },
  })
})

test("a hung check fails at its time limit and gets its signal aborted", async () => {
  let seen: AbortSignal | undefined
  const hung = check("hung", true, signal => {
    seen = signal
    return new Promise(() => {})
  })
  const start = performance.now()
  const report = await registry([hung], 40).report()
  expect(performance.now() - start).toBeLessThan(1000)
  expect(report.checks.hung).toMatchObject({ status: "fail", message: "no answer within 40 ms" })
  expect(seen?.aborted).toBe(true)
})

test("callers at the same time share one run, later ones get a new one", async () => {
  let runs = 0
  const counted = check("counted", true, async () => {
    runs += 1
    await sleep(10)
    return { status: "pass" }
  })
  const { report } = registry([counted])
  await Promise.all([report(), report(), report()])
  expect(runs).toBe(1)
  await report()
  expect(runs).toBe(2)
})

test("a change is logged once, and so is the recovery", async () => {
  let status: HealthStatus = "pass"
  const { report, logs } = registry([check("a", true, async () => ({ status }))])
  for (status of ["pass", "fail", "fail", "pass", "pass"] as const) await report()
  expect(logs.records().map(record => [record.level, record.from, record.to])).toEqual([
    ["warn", "pass", "fail"],
    ["info", "fail", "pass"],
  ])
})
