import { type Finding, type Report, type ScanResult, scans, severities, type Verdict } from "../model.ts"
import { countBySeverity, failing } from "./select.ts"

/**
 * One line of what may come from anywhere: an advisory's text, a file's name. Without control characters, which a
 * terminal obeys, and without marks that let a line read in another order than it has.
 */
export function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .replace(/\p{Cf}/gu, "")
    .trim()
}

export function count(number: number, thing: string, things = `${thing}s`): string {
  return `${number} ${number === 1 ? thing : things}`
}

/** npm is written small wherever it stands. */
export function capital(text: string): string {
  return text.startsWith("npm") ? text : text.charAt(0).toUpperCase() + text.slice(1)
}

/** "1 critical, 2 high", without what there is none of. */
export function severityText(findings: readonly Finding[]): string {
  const counts = countBySeverity(findings)
  const parts = severities.filter(severity => counts[severity] > 0)
  return parts.map(severity => `${counts[severity]} ${severity}`).join(", ")
}

/** "docker/Dockerfile.edge:3", "image backend: usr/bin/su", "history: a.env:3 in 0123456789ab". */
export function placeText({ place: { subject, file, line, commit } }: Finding): string {
  const path = file === undefined ? "" : `${file}${line === undefined ? "" : `:${line}`}`
  const where = file === subject ? path : [subject, path].filter(Boolean).join(": ")
  return commit === undefined ? where : `${where} in ${commit.slice(0, 12)}`
}

export function packageText({ package: found }: Finding): string {
  return found ? `${found.name} ${found.version}` : ""
}

/** "dependencies (osv-scanner 2.6.0)" */
export function scanText({ name, version }: ScanResult): string {
  return `${name} (${[scans[name].tool, version].filter(Boolean).join(" ")})`
}

/** What was looked at, or why nothing was. */
export function extentText({ state, extent, reason }: ScanResult): string {
  return state === "done" ? extent : `nothing: ${reason ?? "no reason was given"}`
}

export interface VerdictWords {
  readonly title: string
  /** What it means for whoever wants to deploy. */
  readonly meaning: string
}

export function verdictWords(report: Report): VerdictWords {
  return wordsOf[report.verdict](report)
}

const wordsOf: Readonly<Record<Verdict, (report: Report) => VerdictWords>> = {
  clean: ({ failOn }) => ({
    title: "Clean",
    meaning: `Everything was looked at, and nothing of severity ${failOn} or worse is open.`,
  }),
  findings: report => {
    const open = failing(report).length
    return {
      title: open === 0 ? "Not clean" : count(open, "open finding"),
      meaning:
        open === 0
          ? "No single finding fails the scan, but what is said below does."
          : `${open === 1 ? "It is" : "They are"} of severity ${report.failOn} or worse. Mend ${open === 1 ? "it" : "them"}, or accept the risk for a time with an exception.`,
    }
  },
  "stale-db": ({ database, maxDbAgeDays }) => ({
    title: "Vulnerability database too old",
    meaning: `Its newest entry is ${days(database?.ageDays)} old, and ${days(maxDbAgeDays)} is the most. What became known since was not looked for.`,
  }),
  "no-db": () => ({
    title: "No vulnerability database",
    meaning:
      "Known vulnerabilities in packages were not looked for. That none is listed here does not mean that there is none.",
  }),
  "tool-error": ({ results }) => {
    const failed = results.filter(({ state }) => state === "error").map(({ name }) => name)
    const [first, ...more] = failed
    return more.length === 0
      ? { title: `The scan of ${first} failed`, meaning: capital(unseen("it was")) }
      : { title: `${failed.length} scans failed`, meaning: `${failed.join(", ")}: ${unseen("they were")}` }
  },
}

function unseen(them: string): string {
  return `what ${them} to look at was not looked at, so the rest cannot be called clean.`
}

export function days(number: number | undefined): string {
  if (number === undefined) return "an unknown time"
  return count(Math.round(number * 10) / 10, "day")
}
