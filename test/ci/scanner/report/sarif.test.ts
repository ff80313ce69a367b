import fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import type { Finding, ScanResult } from "../../../../ci/scanner/model.ts"
import { sarifLogs } from "../../../../ci/scanner/report/sarif.ts"
import { uriOf } from "../../../../ci/scanner/report/sarif-result.ts"
import { runsOf } from "../../policy/runs.ts"
import { anyFinding, fault, npm, report, result, vulnerability } from "../findings.ts"
import { schemaErrors } from "./sarif-schema.ts"

interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly version?: string; readonly rules: readonly Rule[] } }
      readonly invocations: readonly [{ readonly toolExecutionNotifications: readonly unknown[] }]
      readonly results: readonly Result[]
    },
  ]
}

interface Rule {
  readonly id: string
  readonly helpUri?: string
  readonly help: { readonly text: string; readonly markdown: string }
  readonly properties: { readonly "security-severity": string }
}

interface Result {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: string
  readonly message: { readonly text: string }
  readonly partialFingerprints: { readonly primaryLocationLineHash: string }
  readonly suppressions: readonly unknown[]
}

function logs(results: readonly ScanResult[]) {
  return sarifLogs(report({ results })) as ReadonlyMap<string, Log>
}

function run(findings: readonly Finding[]) {
  const log = logs([result("dependencies", { findings })]).get("osv-scanner")
  if (!log) throw new Error("there is no log")
  return log.runs[0]
}

const hostile = "<script>alert(1)</script>\u0000\u001b[31m\ud800 \"' ../../x \u202e[a](javascript:b)"

describe("which logs there are", () => {
  const failed = result("images", { state: "error", reason: "exit code 127" })
  const skipped = result("images", { state: "skipped", reason: "no database" })

  it("has one for each tool; the scans of one tool share a run", () => {
    const found = logs([
      result("dependencies", { findings: [vulnerability()] }),
      result("dockerfiles"),
      result("images", {
        findings: [vulnerability({ scan: "images", place: { subject: "image backend" } })],
      }),
    ])
    expect([...found.keys()]).toEqual(["osv-scanner", "hadolint"])
    expect(found.get("osv-scanner")?.runs).toHaveLength(1)
    expect(found.get("osv-scanner")?.runs[0].results).toHaveLength(2)
    expect(found.get("osv-scanner")?.runs[0].tool.driver).toMatchObject({
      name: "osv-scanner",
      version: "1.2.3",
    })
  })

  it("has none of a tool that failed in any of its scans, though it found something in another", () => {
    const found = logs([
      result("dependencies", { findings: [vulnerability()] }),
      failed,
      result("dockerfiles"),
    ])
    expect([...found.keys()]).toEqual(["hadolint"])
  })

  it("has none of a tool that looked at nothing: it would read as a tool that found nothing", () => {
    expect([...logs([skipped]).keys()]).toEqual([])
  })

  it("says what was skipped where the tool looked at something else", () => {
    const log = logs([result("dependencies"), skipped]).get("osv-scanner")
    expect(schemaErrors(log)).toEqual([])
    expect(log?.runs[0].invocations[0].toolExecutionNotifications).toEqual([
      { level: "warning", message: { text: "images was skipped: no database" } },
    ])
  })
})

describe("a log", () => {
  const findings = [
    vulnerability({ broughtBy: ["express 4.17.1"] }),
    vulnerability({ waived: "exception until 2026-12-31, ada: template is not called" }),
    fault({ severity: "low" }),
    fault({ rule: hostile, title: hostile, todo: hostile, place: { subject: hostile, commit: hostile } }),
    vulnerability({ package: npm(hostile, hostile), link: "javascript:alert(1)", aliases: [hostile] }),
  ]

  it("keeps to the schema of SARIF 2.1.0, whatever the findings hold", () => {
    for (const log of logs([result("dependencies", { findings })]).values())
      expect(schemaErrors(log)).toEqual([])
    expect(schemaErrors({ version: "2.1.0", runs: [{ tool: {} }] })).not.toEqual([])
  })

  it("is the same one for the same findings in another order", () => {
    expect(run([...findings].reverse())).toEqual(run(findings))
  })

  it("has each rule once, and each result points at its own", () => {
    const { tool, results } = run(findings)
    const ids = tool.driver.rules.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { ruleId, ruleIndex } of results) expect(ids[ruleIndex]).toBe(ruleId)
  })

  it("suppresses what is waived, with the reason, and says of all else that it is not suppressed", () => {
    const { results } = run(findings)
    expect(results.map(({ suppressions }) => suppressions.length).sort()).toEqual([0, 0, 0, 0, 1])
    expect(results.flatMap(({ suppressions }) => suppressions)).toEqual([
      {
        kind: "external",
        status: "accepted",
        justification: "exception until 2026-12-31, ada: template is not called",
      },
    ])
  })

  it("helps in words and in Markdown, and follows links of http alone", () => {
    const { rules } = run([vulnerability({ title: "A *bold* [link](x) <b>" })]).tool.driver
    expect(rules[0]?.help.text).toContain("What to do:\n- upgrade lodash to 4.17.21")
    expect(rules[0]?.help.markdown).toContain("A \\*bold\\* \\[link\\]\\(x\\) \\<b\\>")
    expect(rules[0]?.helpUri).toBe("https://github.com/advisories/GHSA-35jh-r3h4-6jhm")
    const [evil] = run([vulnerability({ link: "javascript:alert(1)" })]).tool.driver.rules
    expect(JSON.stringify(evil)).not.toContain("javascript")
  })
})

test.each([
  ["critical", 9.8, "9.8", "error"],
  ["critical", undefined, "9.0", "error"],
  ["high", undefined, "7.0", "error"],
  ["unknown", undefined, "7.0", "error"],
  ["medium", 5, "5.0", "warning"],
  ["low", undefined, "0.1", "note"],
] as const)("severity %s with score %s is %s to GitHub", (severity, score, expected, level) => {
  const { score: _, ...rest } = vulnerability({ severity })
  const { tool, results } = run([score === undefined ? rest : { ...rest, score }])
  expect(tool.driver.rules[0]?.properties["security-severity"]).toBe(expected)
  expect(results[0]?.level).toBe(level)
})

describe("a fingerprint", () => {
  const prints = (findings: readonly Finding[]) =>
    run(findings).results.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash)
  const print = (finding: Finding) => prints([finding])[0]
  const at = (line: number) => fault({ place: { subject: "a", file: "a", line } })

  it("stays when lines move, the text is written anew, or an upgrade does not mend it", () => {
    expect(print(at(30))).toBe(print(at(3)))
    const later = vulnerability({
      title: "Other words",
      todo: "do",
      severity: "low",
      package: npm("lodash", "4.17.19"),
    })
    expect(print(later)).toBe(print(vulnerability()))
  })

  it.each<[string, Partial<Finding>]>([
    ["rule", { rule: "GHSA-xvch-5gv4-984h" }],
    ["package", { package: npm("lodash-es", "4.17.20") }],
    ["scan", { scan: "images" }],
    ["place", { place: { subject: "image backend" } }],
    ["file", { place: { subject: "package-lock.json", file: "x" } }],
    ["commit", { place: { subject: "package-lock.json", commit: "x" } }],
  ])("is another one for another %s", (_, change) => {
    expect(print(vulnerability(change))).not.toBe(print(vulnerability()))
  })

  it("tells two places in one file apart, and keeps both when lines are put above them", () => {
    const both = prints([at(3), at(9)])
    expect(new Set(both).size).toBe(2)
    expect(prints([at(13), at(19)])).toEqual(both)
    expect(prints([at(19), at(13)])).toEqual(both)
  })

  it("is one's own in each log, and does not depend on the order", () => {
    fc.assert(
      fc.property(fc.array(anyFinding), fc.nat(), (findings, pick) => {
        const turn = findings.length > 0 ? pick % findings.length : 0
        const turned = [...findings.slice(turn), ...findings.slice(0, turn)]
        expect(new Set(prints(findings)).size).toBe(findings.length)
        expect(prints(turned)).toEqual(prints(findings))
      }),
      runsOf("fingerprints"),
    )
  })
})

test.each([
  [{ subject: "docker/Dockerfile.edge", file: "docker/Dockerfile.edge" }, "docker/Dockerfile.edge"],
  [{ subject: "package-lock.json" }, "package-lock.json"],
  [{ subject: "history", file: "app/a b.env" }, "app/a%20b.env"],
  [{ subject: "image backend", file: "/usr/bin/su" }, "image/backend/usr/bin/su"],
  [{ subject: "image backend" }, "image/backend"],
  [{ subject: "tree", file: "../../etc/passwd" }, "etc/passwd"],
  [{ subject: "tree", file: "C:\\x" }, "C%3A%5Cx"],
  [{ subject: "tree", file: "javascript:alert(1)" }, "javascript%3Aalert(1)"],
  [{ subject: "tree", file: "//host/x" }, "host/x"],
  [{ subject: "/" }, "unknown"],
])("the address of %j is relative: %s", (place, uri) => {
  expect(uriOf(place)).toBe(uri)
})
