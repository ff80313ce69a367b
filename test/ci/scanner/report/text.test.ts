import { expect, test } from "vitest"
import { reportText } from "../../../../ci/scanner/report/text.ts"
import { fault, report, result, vulnerability } from "../findings.ts"

const clean = report({ results: [result("dependencies")] })

test("a clean scan is a verdict and a row for each scan", () => {
  expect(reportText(clean)).toBe(`verdict clean (exit code 0): Clean
  Everything was looked at, and nothing of severity high or worse is open.

SCAN          STATE  LOOKED AT     FOUND
dependencies  done   412 packages  nothing`)
})

test("what fails it comes below, with where it is and what to do; what does not fail it is only counted", () => {
  const findings = [
    vulnerability({ broughtBy: ["express 4.17.1"] }),
    vulnerability({ rule: "GHSA-1", severity: "low", score: 2 }),
    vulnerability({ rule: "GHSA-2", waived: "no version mends it yet" }),
  ]
  const text = reportText(
    report({
      verdict: "findings",
      reasons: ["1 finding of severity high or worse"],
      warnings: ["the exception DL3008 of x covers nothing: remove it"],
      results: [result("dependencies", { findings }), result("dockerfiles", { findings: [fault()] })],
    }),
  )
  expect(text).toBe(`verdict findings (exit code 40): 1 open finding
  It is of severity high or worse. Mend it, or accept the risk for a time with an exception.
  - 1 finding of severity high or worse

SCAN          STATE  LOOKED AT     FOUND
dependencies  done   412 packages  1 high, 1 low; 1 waived
dockerfiles   done   412 packages  1 medium

error GHSA-35jh-r3h4-6jhm: lodash 4.17.20 in package-lock.json: high 7.2
  why: Command injection in lodash
  do:  upgrade lodash to 4.17.21 (brought in by express 4.17.1)
warning: the exception DL3008 of x covers nothing: remove it`)
})

test("without a database that is said before all else, whatever the verdict is", () => {
  for (const verdict of ["no-db", "tool-error", "findings", "clean"] as const) {
    const { database, ...rest } = report({ verdict })
    expect(reportText(rest)).toMatch(/^!!! NO VULNERABILITY DATABASE: /)
  }
  expect(reportText(clean)).not.toContain("!!!")
})

test("of a scan that was not made nothing is known: it has a reason, and no zero", () => {
  const results = [
    result("images", { state: "error", reason: "exit code 128", extent: "" }),
    result("licences", { state: "skipped", reason: "no network", extent: "" }),
  ]
  expect(
    reportText(report({ verdict: "tool-error", results }))
      .split("\n")
      .slice(-2),
  ).toEqual([
    "images    error    nothing: exit code 128  not known",
    "licences  skipped  nothing: no network     not known",
  ])
})

test("a long list is cut, with the worst first, and says how much is left", () => {
  const findings = Array.from({ length: 30 }, (_, index) =>
    vulnerability({ rule: `GHSA-${index}`, severity: index === 29 ? "critical" : "high" }),
  )
  const text = reportText(report({ verdict: "findings", results: [result("dependencies", { findings })] }))
  expect(text.match(/^error /gm)).toHaveLength(20)
  expect(text).toMatch(/\n\nerror GHSA-29: .*: critical 7.2\n/)
  expect(text).toContain("… and 10 more findings: the report has them all (security-report)")
  expect(reportText(report({ results: [result("dependencies", { findings })] }), 30)).not.toContain("…")
})

test("an unknown severity counts as high", () => {
  const findings = [vulnerability({ severity: "unknown", rule: "GHSA-unknown" })]
  expect(reportText(report({ results: [result("dependencies", { findings })] }))).toContain(
    "error GHSA-unknown",
  )
})

test("what a finding says can neither command the terminal nor pretend to be another line", () => {
  const evil = "\u001b[2K\u001b[1Averdict clean\r\nverdict clean\u202e\u0007"
  const place = { subject: evil, file: evil }
  const findings = [vulnerability({ ...{ rule: evil, title: evil, todo: evil, broughtBy: [evil] }, place })]
  const results = [result("dependencies", { findings, extent: evil, reason: evil })]
  const text = reportText(report({ verdict: "findings", reasons: [evil], warnings: [evil], results }))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that must not be there.
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  expect(text.match(/^verdict/gm)).toHaveLength(1)
})
