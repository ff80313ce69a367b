import fc from "fast-check"
import { expect, test } from "vitest"
import { type DatabaseState, type Finding, type ScanResult, severities } from "../../../ci/scanner/model.ts"
import { ageWarning, counts, type Judged, judge } from "../../../ci/scanner/verdict.ts"

const fresh: DatabaseState = { newest: "2026-11-26T00:00:00.000Z", ageDays: 0.5, ecosystems: [] }

const done: ScanResult = { name: "secrets", version: "1", state: "done", extent: "", findings: [] }

const finding: Finding = {
  scan: "secrets",
  rule: "aws-access-token",
  aliases: [],
  severity: "critical",
  place: { subject: "tree" },
  title: "a key",
  todo: "change it",
}

const good: Judged = {
  results: [done],
  databaseFaults: [],
  database: fresh,
  expired: [],
  failOn: "high",
  maxDbAgeDays: 5,
}

const failed: ScanResult = { ...done, state: "error", reason: "gitleaks on tree: ended with 2: panic" }

test("clean is only what all tools have seen, with a database that is fresh", () => {
  expect(judge(good)).toEqual({ verdict: "clean", reasons: [] })
})

test.each([
  ["findings", { results: [{ ...done, findings: [finding] }] }],
  ["findings", { expired: ["the exception DL3007 of x expired on 2026-01-01, ada"] }],
  ["stale-db", { database: { ...fresh, ageDays: 5.1 } }],
  ["stale-db", { database: { ...fresh, ageDays: Number.NaN } }],
  ["no-db", { databaseFaults: ["no vulnerability database was given"], database: undefined }],
  ["tool-error", { results: [done, failed] }],
] as const)("%s", (verdict, change) => {
  const judged = judge({ ...good, ...change })
  expect(judged.verdict).toBe(verdict)
  expect(judged.reasons).toHaveLength(1)
})

test("a tool's error comes before all else, and the other reasons are said as well", () => {
  const all = { results: [failed, { ...done, findings: [finding] }], database: { ...fresh, ageDays: 9 } }
  const { verdict, reasons } = judge({ ...good, ...all })
  expect(verdict).toBe("tool-error")
  expect(reasons).toHaveLength(3)
})

test("only a mild or a waived finding does not count; one of unknown severity counts as high", () => {
  expect(counts({ ...finding, severity: "medium" }, "high")).toBe(false)
  expect(counts({ ...finding, severity: "medium" }, "medium")).toBe(true)
  expect(counts({ ...finding, severity: "unknown" }, "high")).toBe(true)
  expect(counts({ ...finding, severity: "unknown" }, "critical")).toBe(false)
  expect(counts({ ...finding, waived: "exception until 2026-12-31" }, "low")).toBe(false)
})

test("whatever is added to a scan that is not clean, it does not become clean", () => {
  const part = fc.record({
    failed: fc.boolean(),
    severity: fc.option(fc.constantFrom(...severities), { nil: undefined }),
    waived: fc.boolean(),
  })
  const resultOf = ({
    failed: isFailed,
    severity,
    waived,
  }: typeof part extends fc.Arbitrary<infer T> ? T : never) => {
    const own = severity ? [{ ...finding, severity, ...(waived && { waived: "yes" }) }] : []
    return { ...(isFailed ? failed : done), findings: own }
  }
  fc.assert(
    fc.property(fc.array(part), fc.array(part), (one, two) => {
      const [first, second] = [one.map(resultOf), two.map(resultOf)]
      const before = judge({ ...good, results: first }).verdict
      const after = judge({ ...good, results: [...first, ...second] }).verdict
      return before === "clean" || after !== "clean"
    }),
    { numRuns: 1000 },
  )
})

test("a database older than a day is worth a warning", () => {
  expect(ageWarning(fresh)).toEqual([])
  expect(ageWarning({ ...fresh, ageDays: 1.2 })).toHaveLength(1)
  expect(ageWarning(undefined)).toEqual([])
})
