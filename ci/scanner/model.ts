/** From the worst down. What has no known severity is never taken for harmless: it counts as high. */
export const severities = ["critical", "high", "medium", "low", "unknown"] as const
export type Severity = (typeof severities)[number]

/** What is looked at, and the tool that looks. A scan may be of several images or files. */
export const scans = {
  dependencies: { title: "npm packages of the lockfile", tool: "osv-scanner" },
  images: { title: "packages in the images", tool: "osv-scanner" },
  updates: { title: "pending Debian security updates", tool: "apt" },
  secrets: { title: "secrets in tree, history and images", tool: "gitleaks" },
  dockerfiles: { title: "Dockerfiles", tool: "hadolint" },
  policy: { title: "stack file and images against the policy", tool: "lockstep-policy" },
  workflows: { title: "security of the workflows", tool: "zizmor" },
  "workflow-syntax": { title: "correctness of the workflows", tool: "actionlint" },
  licences: { title: "licences", tool: "lockstep-licences" },
  contents: { title: "shells and package managers in the images", tool: "lockstep-contents" },
} as const
export type ScanName = keyof typeof scans

export interface Package {
  /** As OSV names it: npm, Debian:12. */
  readonly ecosystem: string
  readonly name: string
  readonly version: string
}

/** Where something was found. */
export interface Place {
  /** "package-lock.json", "image backend", "history", "docker/Dockerfile.edge". */
  readonly subject: string
  /** Path in the repository, or in the image. */
  readonly file?: string
  /** From 1. */
  readonly line?: number
  readonly commit?: string
}

export interface Finding {
  readonly scan: ScanName
  /** The advisory, or the tool's rule: GHSA-35jh-r3h4-6jhm, DL3007, aws-access-token. */
  readonly rule: string
  /** Other names of the advisory, such as CVE-2021-23337. */
  readonly aliases: readonly string[]
  readonly severity: Severity
  /** CVSS base score, 0 to 10, where the record has one. */
  readonly score?: number
  readonly place: Place
  /** Of a vulnerability, a licence, an update. */
  readonly package?: Package
  /** One line. Never a secret's value. */
  readonly title: string
  /** What to do, one line. */
  readonly todo: string
  /** The lowest version that is not affected; undefined when there is none yet, or none is known. */
  readonly fixed?: string
  /** The direct dependencies that bring the package in, each with its version; of the lockfile alone. */
  readonly broughtBy?: readonly string[]
  readonly link?: string
  /** Why it does not fail the scan although it is severe: nobody has mended it yet, or an exception covers it. */
  readonly waived?: string
}

/** What one scan came to. Only `done` says anything about what was looked at. */
export interface ScanResult {
  readonly name: ScanName
  /** "2.6.0" */
  readonly version: string
  readonly state: "done" | "error" | "skipped"
  /** Of an error, or why it was skipped; one line. */
  readonly reason?: string
  /** What was looked at: "412 packages". */
  readonly extent: string
  readonly findings: readonly Finding[]
}

/** Only `clean` passes. */
export const verdicts = {
  clean: 0,
  findings: 40,
  "stale-db": 41,
  "no-db": 42,
  "tool-error": 43,
} as const
export type Verdict = keyof typeof verdicts

/** What is known of the vulnerability database. */
export interface DatabaseState {
  /** Of its newest entry, in the ecosystem that is oldest; ISO 8601, UTC. */
  readonly newest: string
  readonly ageDays: number
  readonly ecosystems: readonly { readonly name: string; readonly entries: number; readonly newest: string }[]
}

/** One accepted finding, as the exceptions' file has it; all are mandatory. */
export interface Exception {
  readonly id: string
  readonly package: string
  readonly reason: string
  readonly owner: string
  /** The last day on which it holds: 2026-12-31. */
  readonly expires: string
}

/** What a scan is of, and how it is judged. */
export interface Request {
  readonly commit: string
  readonly dirty: boolean
  readonly images: Report["images"]
  readonly failOn: Severity
  readonly maxDbAgeDays: number
}

export interface Report {
  readonly verdict: Verdict
  /** What speaks against `clean`; a line each. */
  readonly reasons: readonly string[]
  /** What does not fail it and should be known: a database older than a day, unused exceptions. */
  readonly warnings: readonly string[]
  /** ISO 8601, UTC. */
  readonly at: string
  readonly commit: string
  readonly dirty: boolean
  readonly images: readonly { readonly name: string; readonly digest: string }[]
  readonly failOn: Severity
  readonly maxDbAgeDays: number
  /** Undefined without a usable one. */
  readonly database?: DatabaseState
  readonly results: readonly ScanResult[]
  readonly exceptions: readonly (Exception & { readonly used: boolean })[]
}
