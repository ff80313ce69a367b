import { type Report, type ScanResult, scans } from "../model.ts"
import { fingerprints } from "./fingerprint.ts"
import { sarifResult } from "./sarif-result.ts"
import { sarifRule } from "./sarif-rule.ts"
import { byWeight, compareText } from "./select.ts"
import { plain } from "./words.ts"

/**
 * A SARIF 2.1.0 log for each tool, by the tool's name. Whoever reads one takes a finding that is not in it for mended,
 * so there is none of a tool that failed anywhere, and none of one that looked at nothing.
 */
export function sarifLogs(report: Report): ReadonlyMap<string, object> {
  const tools = new Map<string, ScanResult[]>()
  for (const result of report.results) {
    const { tool } = scans[result.name]
    tools.set(tool, [...(tools.get(tool) ?? []), result])
  }
  const complete = [...tools].filter(
    ([, results]) =>
      results.every(({ state }) => state !== "error") && results.some(({ state }) => state === "done"),
  )
  return new Map(complete.map(([tool, results]) => [tool, logOf(tool, results, report)]))
}

function logOf(tool: string, results: readonly ScanResult[], report: Report): object {
  const findings = results.flatMap(result => result.findings).sort(byWeight)
  const prints = fingerprints(findings)
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort(compareText)
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            ...driver(tool, results[0]?.version ?? ""),
            rules: rules.map(rule =>
              sarifRule(
                rule,
                findings.filter(finding => finding.rule === rule),
              ),
            ),
          },
        },
        automationDetails: { id: `lockstep/${tool}/` },
        invocations: [invocation(results, report)],
        columnKind: "utf16CodeUnits",
        results: findings.map(finding =>
          sarifResult(finding, rules.indexOf(finding.rule), prints.get(finding) ?? ""),
        ),
        properties: { commit: report.commit, dirty: report.dirty, verdict: report.verdict },
      },
    ],
  }
}

function driver(name: string, version: string): object {
  return version === "" ? { name } : { name, version }
}

/** What the tool was not given to look at is said, since nothing can be found there. */
function invocation(results: readonly ScanResult[], { at }: Report): object {
  const skipped = results.filter(({ state }) => state === "skipped")
  return {
    executionSuccessful: true,
    endTimeUtc: at,
    toolExecutionNotifications: skipped.map(({ name, reason }) => ({
      level: "warning",
      message: { text: `${name} was skipped: ${plain(reason ?? "no reason was given")}` },
    })),
  }
}
