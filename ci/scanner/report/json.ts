import {
  type DatabaseState,
  type Exception,
  type Finding,
  type Report,
  type ScanName,
  type ScanResult,
  type Severity,
  scans,
  severities,
  type Verdict,
  verdicts,
} from "../model.ts"
import { counts } from "../verdict.ts"
import { fingerprints } from "./fingerprint.ts"
import { byWeight, countBySeverity, failing, findingsOf, waived } from "./select.ts"

/**
 * verdict.json. A field that has no value is null, never left out, and the same report gives the same bytes. A change
 * that could break who reads it takes another `format`.
 */
export interface VerdictFile {
  readonly format: "lockstep-scan-verdict/1"
  readonly verdict: Verdict
  /** True for `clean` alone. */
  readonly passed: boolean
  /** The exit code of the scan that came to this verdict. */
  readonly exitCode: number
  /** What speaks against `clean`; a line each. */
  readonly reasons: readonly string[]
  /** What does not, and should be known all the same. */
  readonly warnings: readonly string[]
  /** When the scan was made; ISO 8601, UTC. */
  readonly at: string
  readonly commit: string
  /** Whether the sources differed from the commit. */
  readonly dirty: boolean
  readonly images: Report["images"]
  readonly policy: {
    /** Findings of this severity or worse fail the scan; `unknown` counts as `high`. */
    readonly failOn: Severity
    readonly maxDbAgeDays: number
  }
  /** Null without a usable one: then no package was compared with any known vulnerability. */
  readonly database: DatabaseState | null
  readonly counts: {
    /** Findings that fail the scan. */
    readonly failing: number
    /** Findings that would, or would not, and are waived. */
    readonly waived: number
    /** All findings, waived ones included. */
    readonly bySeverity: Readonly<Record<Severity, number>>
  }
  /** In the order in which they were made. */
  readonly scans: readonly VerdictScan[]
  readonly exceptions: readonly (Exception & { readonly used: boolean })[]
}

export interface VerdictScan {
  readonly name: ScanName
  readonly title: string
  readonly tool: string
  readonly version: string
  /** Only `done` says anything about what was looked at. */
  readonly state: ScanResult["state"]
  readonly reason: string | null
  readonly extent: string
  /** The worst first. */
  readonly findings: readonly VerdictFinding[]
}

export interface VerdictFinding {
  /** The same in each scan until it is mended; the same as in the SARIF file. */
  readonly fingerprint: string
  /** Whether it fails the scan. */
  readonly fails: boolean
  readonly rule: string
  readonly aliases: readonly string[]
  readonly severity: Severity
  readonly score: number | null
  readonly place: Readonly<Record<keyof Finding["place"], string | number | null>>
  readonly package: Finding["package"] | null
  readonly title: string
  readonly todo: string
  readonly fixed: string | null
  readonly broughtBy: readonly string[]
  readonly link: string | null
  readonly waived: string | null
}

export function verdictFile(report: Report): VerdictFile {
  const { verdict, reasons, warnings, at, commit, dirty, images, failOn, maxDbAgeDays } = report
  return {
    format: "lockstep-scan-verdict/1",
    ...{ verdict, passed: verdict === "clean", exitCode: verdicts[verdict], reasons, warnings },
    ...{ at, commit, dirty, images },
    policy: { failOn, maxDbAgeDays },
    database: report.database ?? null,
    counts: countsOf(report),
    scans: report.results.map(result => scanOf(result, failOn)),
    exceptions: report.exceptions,
  }
}

function countsOf(report: Report): VerdictFile["counts"] {
  const counts = countBySeverity(findingsOf(report))
  return {
    failing: failing(report).length,
    waived: waived(report).length,
    bySeverity: Object.fromEntries(severities.map(name => [name, counts[name]])) as typeof counts,
  }
}

function scanOf(
  { name, version, state, reason, extent, findings }: ScanResult,
  failOn: Severity,
): VerdictScan {
  const prints = fingerprints(findings)
  return {
    ...{ name, ...scans[name], version, state, reason: reason ?? null, extent },
    findings: [...findings].sort(byWeight).map(finding => ({
      fingerprint: prints.get(finding) ?? "",
      fails: counts(finding, failOn),
      ...findingOf(finding),
    })),
  }
}

function findingOf(finding: Finding): Omit<VerdictFinding, "fingerprint" | "fails"> {
  const { rule, aliases, severity, title, todo, place, broughtBy = [] } = finding
  const { subject, file = null, line = null, commit = null } = place
  return {
    ...{ rule, aliases, severity, score: finding.score ?? null },
    place: { subject, file, line, commit },
    package: finding.package ?? null,
    ...{ title, todo, fixed: finding.fixed ?? null, broughtBy },
    ...{ link: finding.link ?? null, waived: finding.waived ?? null },
  }
}
