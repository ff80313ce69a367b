import { expect, test } from "vitest"
import { HealthAnswer } from "../../../../app/backend/health/schemas.ts"
import { isBriefHealth, isHealthReport, isVersionInfo } from "../../../../app/frontend/src/logic/guards.ts"
import { dependency, report, version } from "../samples.ts"

const timestamp = "2026-11-24T12:00:00.000Z"

/** As the backend writes it, with the fields that the page does not read. */
function written() {
  const { dependencies, ...rest } = report({
    routes: [{ route: "GET /x", count: 3, p50: 1, p95: 2, p99: 3 }],
  })
  const circuit = { state: "closed", consecutiveFailures: 0, intervalMs: 30_000 }
  return {
    ...rest,
    timestamp,
    dependencies: dependencies.map(one => ({ ...one, checkedAt: timestamp, circuit })),
  }
}

test("what the backend's own schema allows is a report", () => {
  const answer = HealthAnswer.parse(written())
  expect(isHealthReport(answer)).toBe(true)
  expect(isBriefHealth(answer)).toBe(false)
})

test.each([
  ["a foreign status", { status: "pass" }],
  ["a missing field", { phase: undefined }],
  ["a number as text", { uptimeSeconds: "12" }],
  ["no number", { uptimeSeconds: Number.NaN }],
  ["a list that is none", { dependencies: {} }],
  ["null where a list belongs", { routes: null }],
  ["a dependency of another kind", { dependencies: [{ ...dependency(), status: "up" }] }],
  ["latencies that are no numbers", { dependencies: [{ ...dependency(), recentLatenciesMs: ["1"] }] }],
  [
    "percentiles that lack one",
    { dependencies: [{ ...dependency(), latency: { count: 1, p50: 1, p95: 1 } }] },
  ],
])("a report with %s is no report, and no brief answer either", (_what, fields) => {
  const answer = { ...written(), ...fields }
  expect(isHealthReport(answer)).toBe(false)
  expect(isBriefHealth(answer)).toBe(false)
})

test("null stands for what is not known", () => {
  const unknown = dependency({ latencyMs: null, ageMs: null, latency: null, recentLatenciesMs: [] })
  expect(isHealthReport(report({ version: null, commit: null, digest: null, dependencies: [unknown] }))).toBe(
    true,
  )
})

test("a brief answer has a status and a time", () => {
  expect(isBriefHealth({ status: "degraded", timestamp })).toBe(true)
  expect(isBriefHealth({ status: "degraded" })).toBe(false)
  expect(isBriefHealth({ status: "pass", timestamp })).toBe(false)
  for (const other of [null, undefined, "healthy", 3, []]) expect(isBriefHealth(other)).toBe(false)
})

test("a version needs an environment and a start", () => {
  expect(isVersionInfo(version)).toBe(true)
  expect(isVersionInfo({ ...version, environment: null })).toBe(false)
  expect(isVersionInfo({ ...version, startedAt: 5 })).toBe(false)
})
