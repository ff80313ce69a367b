import { expect, test } from "vitest"
import { type Verdict, verdicts } from "../../../../ci/scanner/model.ts"
import { verdictFile } from "../../../../ci/scanner/report/json.ts"
import { sarifLogs } from "../../../../ci/scanner/report/sarif.ts"
import { exception, fault, report, result, vulnerability } from "../findings.ts"

test.each(Object.keys(verdicts) as Verdict[])("%s passes if it is clean, and has its exit code", verdict => {
  const { passed, exitCode, format } = verdictFile(report({ verdict }))
  expect(format).toBe("lockstep-scan-verdict/1")
  expect(passed).toBe(verdict === "clean")
  expect(exitCode).toBe(verdicts[verdict])
  expect(exitCode === 0).toBe(passed)
})

test("it has the same fields, whatever a scan has to say", () => {
  const { database, ...poor } = report({
    results: [result("dockerfiles", { findings: [fault({ place: { subject: "a" } })] })],
  })
  const rich = report({
    results: [result("dependencies", { reason: "none", findings: [vulnerability({ waived: "w" })] })],
  })
  expect(shape(verdictFile(poor), "database")).toEqual(shape(verdictFile(rich), "database"))
  expect(verdictFile(poor).database).toBeNull()
})

/** The names of all fields, those of findings included; not those inside of what may be null as a whole. */
function shape(value: unknown, ...leaves: readonly string[]): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap(item => shape(item, ...leaves)))]
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, field]) =>
    [...leaves, "package"].includes(name)
      ? [name]
      : [name, ...shape(field, ...leaves).map(inner => `${name}.${inner}`)],
  )
}

test("it counts what fails, what is waived and all there is, and says of each whether it fails", () => {
  const findings = [
    vulnerability(),
    vulnerability({ rule: "GHSA-2", severity: "unknown" }),
    vulnerability({ rule: "GHSA-3", severity: "low" }),
    vulnerability({ rule: "GHSA-4", severity: "critical", waived: "no version mends it yet" }),
  ]
  const file = verdictFile(report({ results: [result("dependencies", { findings })] }))
  expect(file.counts).toEqual({
    ...{ failing: 2, waived: 1 },
    bySeverity: { critical: 1, high: 1, medium: 0, low: 1, unknown: 1 },
  })
  expect(file.scans[0]?.findings.map(({ rule, fails }) => [rule, fails])).toEqual([
    ["GHSA-4", false],
    ["GHSA-35jh-r3h4-6jhm", true],
    ["GHSA-2", true],
    ["GHSA-3", false],
  ])
  const lenient = report({ failOn: "critical", results: [result("dependencies", { findings })] })
  expect(verdictFile(lenient).counts.failing).toBe(0)
})

test("the same findings in another order give the same bytes", () => {
  const findings = [vulnerability(), fault(), vulnerability({ severity: "low" })]
  const text = (list: typeof findings) =>
    JSON.stringify(verdictFile(report({ results: [result("dependencies", { findings: list })] })))
  expect(text([...findings].reverse())).toBe(text(findings))
})

test("a finding has the same fingerprint as in the SARIF file of its tool", () => {
  const image = { scan: "images" as const, place: { subject: "image backend" } }
  const given = report({
    results: [
      result("dependencies", { findings: [vulnerability(), vulnerability()] }),
      result("images", { findings: [vulnerability(image)] }),
    ],
  })
  const inVerdict = verdictFile(given).scans.flatMap(({ findings }) => findings.map(f => f.fingerprint))
  expect(inVerdict).toHaveLength(3)
  const inSarif = JSON.stringify(sarifLogs(given).get("osv-scanner"))
  for (const print of inVerdict) expect(inSarif).toContain(`"${print}"`)
})

test("exceptions stand in it with all their fields", () => {
  const used = { ...exception(), used: true }
  expect(verdictFile(report({ exceptions: [used] })).exceptions).toEqual([used])
})
