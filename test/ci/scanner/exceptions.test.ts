import fc from "fast-check"
import { expect, test } from "vitest"
import { stringify } from "yaml"
import { applyExceptions, covers } from "../../../ci/scanner/exceptions.ts"
import { readExceptions } from "../../../ci/scanner/exceptions-file.ts"
import type { Exception, Finding } from "../../../ci/scanner/model.ts"
import { runsOf } from "../policy/runs.ts"
import { anyException, anyFinding, exception, fault, npm, today, vulnerability } from "./findings.ts"

const runs = runsOf("exceptions")
const waiver = "exception until 2026-12-31, ada: template is not called"

function apply(findings: Finding[], exceptions: Exception[], day = today) {
  return applyExceptions(findings, exceptions, day)
}

function waived(findings: Finding[], exceptions: Exception[]) {
  return apply(findings, exceptions).findings.map(finding => finding.waived)
}

test("an exception waives the finding of its rule and package, and says until when, who and why", () => {
  expect(waived([vulnerability()], [exception()])).toEqual([waiver])
  expect(waived([vulnerability()], [exception({ id: "CVE-2021-23337" })])).toEqual([waiver])
})

test.each<[string, Partial<Exception>]>([
  ["another advisory", { id: "GHSA-xvch-5gv4-984h" }],
  ["another package", { package: "minimist" }],
  ["a longer name", { package: "lodash-es" }],
  ["another case", { package: "Lodash" }],
  ["the file instead of the package", { package: "package-lock.json" }],
])("it does not reach %s", (_, change) => {
  const { findings, reasons, warnings, exceptions } = apply([vulnerability()], [exception(change)])
  expect(findings).toEqual([vulnerability()])
  expect(reasons).toEqual([])
  expect(warnings).toHaveLength(1)
  expect(exceptions).toEqual([{ ...exception(change), used: false }])
})

test("a finding without package is named by what was looked at", () => {
  const here = exception({ id: "DL3007", package: "docker/Dockerfile.edge" })
  expect(waived([fault()], [here])).toEqual([waiver])
  expect(waived([fault({ place: { subject: "docker/Dockerfile.backend" } })], [here])).toEqual([undefined])
})

test("it holds on its last day, and no longer", () => {
  expect(apply([vulnerability()], [exception()], "2026-12-31").findings[0]?.waived).toBe(waiver)
  const { findings, reasons, warnings, exceptions } = apply([vulnerability()], [exception()], "2027-01-01")
  expect(findings).toEqual([vulnerability()])
  expect(reasons).toEqual(["the exception GHSA-35jh-r3h4-6jhm of lodash expired on 2026-12-31, ada"])
  expect(warnings).toEqual([])
  expect(exceptions).toEqual([{ ...exception(), used: false }])
})

test("an expired one that nothing needs any more is only unused", () => {
  const old = exception({ expires: "2026-01-01" })
  const renewed = exception({ id: "CVE-2021-23337" })
  const { reasons, warnings } = apply([vulnerability()], [old, renewed])
  expect(reasons).toEqual([])
  expect(warnings).toEqual(["the exception GHSA-35jh-r3h4-6jhm of lodash covers nothing: remove it"])
})

test("where not everything was looked at, no exception is called unused", () => {
  expect(applyExceptions([], [exception()], today, true).warnings).toHaveLength(1)
  const { warnings, exceptions } = applyExceptions([], [exception()], today, false)
  expect(warnings).toEqual([])
  expect(exceptions).toEqual([{ ...exception(), used: false }])
})

test("a decision takes the place of what else waived the finding", () => {
  expect(waived([vulnerability({ waived: "no version mends it yet" })], [exception()])).toEqual([waiver])
})

test("of two packages with the same advisory only the named one is waived", () => {
  const other = vulnerability({ package: npm("lodash.template", "4.5.0") })
  expect(waived([other, vulnerability()], [exception()])).toEqual([undefined, waiver])
})

test("an expired exception never waives anything, and every waiver has a valid one behind it", () => {
  const seen = new Set<boolean>()
  fc.assert(
    fc.property(fc.array(anyFinding), fc.array(anyException), (findings, exceptions) => {
      const after = apply(findings, exceptions)
      expect(after.findings.map(finding => ({ ...finding, waived: undefined }))).toEqual(
        findings.map(finding => ({ ...finding, waived: undefined })),
      )
      for (const finding of after.findings) {
        const behind = exceptions.some(entry => entry.expires >= today && covers(entry, finding))
        expect(finding.waived !== undefined).toBe(behind)
        seen.add(behind)
      }
    }),
    runs,
  )
  expect(seen.size).toBe(2)
})

test("each exception is used, missed for having expired, or reported as unused", () => {
  fc.assert(
    fc.property(fc.array(anyFinding), fc.array(anyException), (findings, exceptions) => {
      const after = apply(findings, exceptions)
      const used = after.exceptions.filter(entry => entry.used)
      expect(used.length + after.reasons.length + after.warnings.length).toBe(exceptions.length)
      expect(used.every(entry => entry.expires >= today)).toBe(true)
    }),
    runs,
  )
})

test("what was read from a file is applied as it was written", () => {
  const text = stringify([exception({ reason: "template is\nnot called" })])
  expect(waived([vulnerability()], readExceptions(text, today))).toEqual([waiver])
})
