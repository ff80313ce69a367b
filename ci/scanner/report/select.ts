import type { Finding, Report, Severity } from "../model.ts"
import { counts } from "../verdict.ts"

const weights: Readonly<Record<Severity, number>> = { critical: 5, high: 4, unknown: 3, medium: 2, low: 1 }

/** All of them, the worst first; in the same order whatever the tools' order was. */
export function findingsOf({ results }: Pick<Report, "results">): Finding[] {
  return results.flatMap(({ findings }) => findings).sort(byWeight)
}

export function failing(report: Report): Finding[] {
  return findingsOf(report).filter(finding => counts(finding, report.failOn))
}

export function waived(report: Report): Finding[] {
  return findingsOf(report).filter(finding => finding.waived !== undefined)
}

/** Neither failing nor waived: below what the scan fails on. */
export function minor(report: Report): Finding[] {
  return findingsOf(report).filter(finding => finding.waived === undefined && !counts(finding, report.failOn))
}

export function byWeight(one: Finding, other: Finding): number {
  const weight = bySeverity(one, other) || (other.score ?? 0) - (one.score ?? 0)
  return weight || compareText(sortKey(one), sortKey(other)) || byLine(one, other) || byAll(one, other)
}

function byLine(one: Finding, other: Finding): number {
  return (one.place.line ?? 0) - (other.place.line ?? 0)
}

/** Leaves nothing to the order in which they came. */
function byAll(one: Finding, other: Finding): number {
  return compareText(JSON.stringify(one), JSON.stringify(other))
}

export function bySeverity(one: Finding, other: Finding): number {
  return weights[other.severity] - weights[one.severity]
}

function sortKey({ scan, rule, package: found, place, title }: Finding): string {
  const { subject, file, commit } = place
  const parts = [found?.name, found?.version, rule, scan, subject, file, commit, title]
  return parts.map(part => part ?? "").join("\n")
}

/** By code units: the same on every machine, whatever its language. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

export function countBySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 }
  for (const { severity } of findings) counts[severity] += 1
  return counts
}
