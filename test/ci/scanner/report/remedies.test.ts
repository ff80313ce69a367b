import { expect, test } from "vitest"
import { remediesFor } from "../../../../ci/scanner/report/remedies.ts"
import { firstSteps } from "../../../../ci/scanner/report/steps.ts"
import { compareVersions } from "../../../../ci/scanner/report/versions.ts"
import { exception, fault, npm, report, result, vulnerability } from "../findings.ts"
import { samples } from "./samples.ts"

function remedies(findings: Parameters<typeof remediesFor>[0]) {
  return remediesFor(findings).map(({ what, findings: mended }) => [what, mended.length])
}

test("one upgrade mends all that it reaches, wherever the package is, and goes high enough for all", () => {
  const found = [
    vulnerability({ rule: "GHSA-1", fixed: "4.17.19" }),
    vulnerability({ rule: "GHSA-2", fixed: "4.17.21" }),
    vulnerability({ rule: "GHSA-3", fixed: "4.17.5" }),
    vulnerability({ rule: "GHSA-2", fixed: "4.17.21", scan: "images", place: { subject: "image backend" } }),
  ]
  expect(remedies(found)).toEqual([["Upgrade lodash 4.17.20 to 4.17.21", 4]])
})

test("the way is that of the advisory that asks for most", () => {
  const found = [
    vulnerability({ rule: "GHSA-1", fixed: "4.17.19", todo: "npm install lodash@4.17.19" }),
    vulnerability({ rule: "GHSA-2", fixed: "4.17.21", todo: "npm install lodash@4.17.21" }),
  ]
  expect(remediesFor(found)[0]?.how).toBe("npm install lodash@4.17.21")
})

test("another version of the package is another upgrade, and what has no cure stands apart", () => {
  const { fixed: _, ...cureless } = vulnerability({ rule: "GHSA-2", todo: "there is no mended version" })
  const other = vulnerability({ package: npm("lodash", "3.10.1"), fixed: "4.17.21" })
  const found = [vulnerability(), cureless, { ...cureless, rule: "GHSA-3" }, other]
  expect(remedies(found)).toEqual([
    ["There is no mended version", 2],
    ["Upgrade lodash 3.10.1 to 4.17.21", 1],
    ["Upgrade lodash 4.17.20 to 4.17.21", 1],
  ])
})

test("a new base mends all that Debian has mended in an image, updates and advisories alike", () => {
  const debian = { ecosystem: "Debian:12", name: "zlib1g", version: "1" }
  const place = { subject: "image x" }
  const { fixed: _, ...cureless } = vulnerability({ scan: "images", place, package: debian, todo: "wait" })
  const found = [
    vulnerability({ scan: "updates", place, package: debian }),
    vulnerability({ scan: "images", place, package: { ...debian, name: "libc6" }, fixed: "2" }),
    vulnerability({ scan: "images", place: { subject: "image y" }, package: debian, fixed: "2" }),
    cureless,
  ]
  expect(remedies(found)).toEqual([
    ["Build image x again on a base with Debian's updates", 2],
    ["Wait", 1],
    ["Build image y again on a base with Debian's updates", 1],
  ])
})

test("a rule that is broken in many places is one thing to do, named by what all of them say", () => {
  const at = (line: number, change: object = {}) =>
    fault({ place: { subject: "a", file: "a", line }, todo: `change line ${line}`, ...change })
  expect(remedies([at(3, { todo: "pin" }), at(9, { todo: "pin" })])).toEqual([["Pin", 2]])
  expect(remedies([at(3), at(9)])).toEqual([["DL3007: Using latest is prone to errors", 2]])
  expect(remedies([at(3), at(9, { title: "other" })])).toEqual([["Dockerfiles: DL3007", 2]])
})

test("the worst comes first, then what mends most", () => {
  const found = [
    fault({ rule: "1", severity: "low", todo: "low" }),
    fault({ rule: "2", severity: "high", todo: "one" }),
    fault({ rule: "3", severity: "high", todo: "two" }),
    fault({ rule: "3", severity: "low", todo: "two" }),
    fault({ rule: "4", severity: "critical", todo: "worst" }),
  ]
  expect(remediesFor(found).map(({ what }) => what)).toEqual(["Worst", "Two", "One", "Low"])
})

test("names the direct dependencies that bring it in", () => {
  const found = ["b 1", "a 1"].map(name => vulnerability({ broughtBy: [name] }))
  expect(remediesFor(found)[0]?.through).toEqual(["a 1", "b 1"])
})

test("first comes what makes the scan whole, then expired exceptions, then the remedies; not more than five", () => {
  const steps = (name: keyof typeof samples) => firstSteps(samples[name]).map(({ what }) => what)
  expect(steps("clean")).toEqual([])
  expect(steps("noDatabase")).toEqual(["Give the scan a vulnerability database"])
  expect(steps("staleDatabase")).toEqual(["Refresh the vulnerability database"])
  expect(steps("toolError")[0]).toBe("Mend what stopped images (osv-scanner 1.2.3)")
  expect(steps("toolError")[1]).toBe("Upgrade lodash 4.17.15 to 4.17.21")
  expect(steps("findings")[0]).toBe("Decide again on the exception GHSA-3h5v-q93c-6h6q of ws")
  expect(steps("findings")).toHaveLength(5)
  expect(firstSteps(report())).toEqual([])
})

test("an expired exception of a mild finding is to be decided on, too", () => {
  const old = { ...exception({ expires: "2026-01-01" }), used: false }
  const results = [result("dependencies", { findings: [vulnerability({ severity: "low" })] })]
  const steps = firstSteps(report({ verdict: "findings", results, exceptions: [old] }))
  expect(steps.map(({ why }) => why)).toEqual(["ada accepted it until 2026-01-01"])
  expect(firstSteps(report({ results: [], exceptions: [old] }))).toEqual([])
})

/** Debian's were compared with `dpkg --compare-versions`. */
test.each([
  ["npm", "4.17.9", "4.17.21"],
  ["npm", "1.0.0-rc.1", "1.0.0"],
  ["npm", "1.0.0-rc.2", "1.0.0-rc.10"],
  ["Debian:12", "3.0.15-1~deb12u1", "3.0.15-1"],
  ["Debian:12", "2.36-9+deb12u9", "2.36-9+deb12u10"],
  ["Debian:12", "9.9-1", "1:0.5"],
  ["Debian:12", "1.0-1", "1.0+dfsg-1"],
  ["Debian:12", "1.0~rc1-1", "1.0-1"],
  ["Debian:12", "1.0", "1.0-1"],
  ["Debian:12", "1a", "1.a"],
])("in %s %s is older than %s", (ecosystem, older, newer) => {
  expect(compareVersions(ecosystem, older, newer)).toBeLessThan(0)
  expect(compareVersions(ecosystem, newer, older)).toBeGreaterThan(0)
  expect(compareVersions(ecosystem, older, older)).toBe(0)
})
