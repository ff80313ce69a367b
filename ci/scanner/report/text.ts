import { type Finding, type Report, type ScanResult, verdicts } from "../model.ts"
import { failing } from "./select.ts"
import { count, extentText, packageText, placeText, plain, severityText, verdictWords } from "./words.ts"

/** What the terminal shows: the verdict, a row for each scan, what fails it, and what else should be known. */
export function reportText(report: Report, most = 20): string {
  const lines = [
    ...databaseAlarm(report),
    ...verdictLines(report),
    "",
    ...scanRows(report),
    ...findingLines(failing(report), most),
    ...report.warnings.map(warning => `warning: ${plain(warning)}`),
  ]
  return lines.join("\n")
}

/** Before all else: a scan without database finds no vulnerable package, and must not look like a clean one. */
function databaseAlarm({ database }: Report): string[] {
  if (database) return []
  return [
    "!!! NO VULNERABILITY DATABASE: no package was compared with any known vulnerability.",
    "!!! This scan is not clean, whatever else it says. `dagger call refresh-db` fetches a database.",
    "",
  ]
}

function verdictLines(report: Report): string[] {
  const { title, meaning } = verdictWords(report)
  return [
    `verdict ${report.verdict} (exit code ${verdicts[report.verdict]}): ${title}`,
    `  ${meaning}`,
    ...report.reasons.map(reason => `  - ${plain(reason)}`),
  ]
}

function scanRows({ results }: Report): string[] {
  const rows = results.map(result =>
    [result.name, result.state, extentText(result), foundText(result)].map(plain),
  )
  const head = ["SCAN", "STATE", "LOOKED AT", "FOUND"]
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map(row => row[column]?.length ?? 0)),
  )
  return [head, ...rows].map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  )
}

/** Of what was not looked at nothing is known; that is no zero. */
function foundText({ state, findings }: ScanResult): string {
  const waived = findings.filter(finding => finding.waived !== undefined)
  const open = severityText(findings.filter(finding => finding.waived === undefined))
  const parts = [open, ...(waived.length > 0 ? [`${waived.length} waived`] : [])].filter(Boolean)
  return parts.join("; ") || (state === "done" ? "nothing" : "not known")
}

function findingLines(findings: readonly Finding[], most: number): string[] {
  const rest = findings.length - most
  const left = `… and ${count(rest, "more finding")}: the report has them all (security-report)`
  return ["", ...findings.slice(0, most).flatMap(findingText), ...(rest > 0 ? [left] : [])].slice(
    findings.length > 0 ? 0 : 1,
  )
}

function findingText(finding: Finding): string[] {
  const { rule, severity, score, title, todo, broughtBy } = finding
  const weight = [severity, score?.toFixed(1)].filter(Boolean).join(" ")
  const subject = [packageText(finding), placeText(finding)].filter(Boolean).join(" in ")
  const through = broughtBy && broughtBy.length > 0 ? ` (brought in by ${broughtBy.join(", ")})` : ""
  return [
    `error ${plain(rule)}: ${plain(subject)}: ${weight}`,
    `  why: ${plain(title)}`,
    `  do:  ${plain(todo + through)}`,
  ]
}
