import type { DatabaseState, Finding, ScanResult, Severity, Verdict } from "./model.ts"

export interface Judged {
  readonly results: readonly ScanResult[]
  /** What is wrong with the database; empty when it can be used. */
  readonly databaseFaults: readonly string[]
  /** Undefined when none was given, or none can be used. */
  readonly database: DatabaseState | undefined
  /** The exceptions that a finding still needs and that have expired, a line each. */
  readonly expired: readonly string[]
  readonly failOn: Severity
  readonly maxDbAgeDays: number
}

/** A severity that nobody knows is not a low one. */
const rank: Record<Severity, number> = { critical: 4, high: 3, unknown: 3, medium: 2, low: 1 }

/** Whether a finding fails the scan. */
export function counts({ severity, waived }: Finding, failOn: Severity): boolean {
  return waived === undefined && rank[severity] >= rank[failOn]
}

/**
 * What speaks against `clean`, and the verdict after it. Of several the first in this order is named: a tool that failed
 * may have missed what the others would have found, so nothing else can be believed; without a database, or with an old
 * one, the same holds for vulnerabilities alone.
 */
export function judge({ results, databaseFaults, database, expired, failOn, maxDbAgeDays }: Judged): {
  verdict: Verdict
  reasons: string[]
} {
  const found = results.flatMap(({ findings }) => findings).filter(finding => counts(finding, failOn))
  const reasons: [Verdict, string[]][] = [
    ["tool-error", results.flatMap(({ state, reason = "" }) => (state === "error" ? [reason] : []))],
    ["no-db", [...databaseFaults]],
    ["stale-db", database && isStale(database, maxDbAgeDays) ? [stale(database, maxDbAgeDays)] : []],
    [
      "findings",
      [...(found.length > 0 ? [`${found.length} findings of severity ${failOn} or worse`] : []), ...expired],
    ],
  ]
  const [verdict] = reasons.find(([, lines]) => lines.length > 0) ?? ["clean" as const]
  return { verdict, reasons: reasons.flatMap(([, lines]) => lines) }
}

/** NaN, of a time that cannot be read, is not fresh either. */
function isStale({ ageDays }: DatabaseState, maxDbAgeDays: number): boolean {
  return !(ageDays <= maxDbAgeDays)
}

function stale({ newest, ageDays }: DatabaseState, maxDbAgeDays: number): string {
  return `the vulnerability database is ${ageDays.toFixed(1)} days old (newest entry ${newest}); it counts for ${maxDbAgeDays}`
}

/** What is worth knowing and fails nothing. */
export function ageWarning(database: DatabaseState | undefined): string[] {
  if (database === undefined || database.ageDays <= 1) return []
  return [
    `the vulnerability database is ${database.ageDays.toFixed(1)} days old; dagger call refresh-db renews it`,
  ]
}
