import { covers } from "../exceptions.ts"
import type { Finding, Report } from "../model.ts"
import { remediesFor } from "./remedies.ts"
import { failing, findingsOf } from "./select.ts"
import { count, days, placeText, scanText, severityText } from "./words.ts"

export interface Step {
  readonly what: string
  readonly why: string
}

/** What to do first: what makes the scan whole, then the remedies that count most. Nothing after a clean one. */
export function firstSteps(report: Report, most = 5): Step[] {
  const open = failing(report)
  return [...database(report), ...brokenScans(report), ...expired(report), ...remedies(open)].slice(0, most)
}

function database({ database: state, maxDbAgeDays }: Report): Step[] {
  if (state && state.ageDays <= maxDbAgeDays) return []
  const why = state
    ? `it is ${days(state.ageDays)} old; refresh-db fetches today's where there is internet`
    : "refresh-db fetches one where there is internet; VULNERABILITYDB in .env names its folder"
  return [
    { what: state ? "Refresh the vulnerability database" : "Give the scan a vulnerability database", why },
  ]
}

function brokenScans({ results }: Report): Step[] {
  return results
    .filter(({ state }) => state === "error")
    .map(result => ({
      what: `Mend what stopped ${scanText(result)}`,
      why: result.reason ?? "no reason was given",
    }))
}

function expired(report: Report): Step[] {
  const { exceptions, at } = report
  const used = exceptions.filter(exception => exception.used)
  const rest = findingsOf(report).filter(finding => !used.some(exception => covers(exception, finding)))
  return exceptions
    .filter(({ expires }) => expires < at.slice(0, 10))
    .filter(exception => rest.some(finding => covers(exception, finding)))
    .map(({ id, package: name, owner, expires }) => ({
      what: `Decide again on the exception ${id} of ${name}`,
      why: `${owner} accepted it until ${expires}`,
    }))
}

function remedies(open: readonly Finding[]): Step[] {
  return remediesFor(open).map(({ what, how, findings }) => ({
    what,
    why: [mended(findings), how].filter(Boolean).join("; "),
  }))
}

function mended(findings: readonly Finding[]): string {
  const [first] = findings
  return findings.length === 1 && first
    ? `${first.severity}: ${first.title}, ${placeText(first)}`
    : `mends ${count(findings.length, "finding")}: ${severityText(findings)}`
}
