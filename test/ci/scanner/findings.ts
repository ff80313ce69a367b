import fc from "fast-check"
import type { Exception, Finding, Package, Report, ScanName, ScanResult } from "../../../ci/scanner/model.ts"

/** A vulnerability in a package of the lockfile. */
export function vulnerability(change: Partial<Finding> = {}): Finding {
  return {
    ...{ scan: "dependencies", rule: "GHSA-35jh-r3h4-6jhm", aliases: ["CVE-2021-23337"] },
    ...{ severity: "high", score: 7.2, place: { subject: "package-lock.json" } },
    package: npm("lodash", "4.17.20"),
    ...{ title: "Command injection in lodash", todo: "upgrade lodash to 4.17.21", fixed: "4.17.21" },
    link: "https://github.com/advisories/GHSA-35jh-r3h4-6jhm",
    ...change,
  } as Finding
}

export function npm(name: string, version: string): Package {
  return { ecosystem: "npm", name, version }
}

/** What another scan than those of packages finds. */
export function fault(change: Partial<Finding> = {}): Finding {
  return {
    ...{ scan: "dockerfiles", rule: "DL3007", aliases: [], severity: "medium" },
    place: { subject: "docker/Dockerfile.edge", file: "docker/Dockerfile.edge", line: 3 },
    ...{ title: "Using latest is prone to errors", todo: "pin the version" },
    ...change,
  } as Finding
}

export function exception(change: Partial<Exception> = {}): Exception {
  return {
    ...{ id: "GHSA-35jh-r3h4-6jhm", package: "lodash", reason: "template is not called", owner: "ada" },
    expires: "2026-12-31",
    ...change,
  }
}

export function result(name: ScanName, change: Partial<ScanResult> = {}): ScanResult {
  return { name, version: "1.2.3", state: "done", extent: "412 packages", findings: [], ...change }
}

export const digest = `sha256:${"ab".repeat(32)}`

export function report(change: Partial<Report> = {}): Report {
  return {
    ...{ verdict: "clean", reasons: [], warnings: [], at: "2026-11-26T13:00:00Z" },
    ...{ commit: "0123456789abcdef0123456789abcdef01234567", dirty: false },
    images: [{ name: "backend", digest }],
    ...{ failOn: "high", maxDbAgeDays: 5 },
    database: {
      ...{ newest: "2026-11-26T03:00:00Z", ageDays: 0.4 },
      ecosystems: [{ name: "npm", entries: 210_000, newest: "2026-11-26T03:00:00Z" }],
    },
    ...{ results: [], exceptions: [] },
    ...change,
  }
}

/** Words of few letters, so that generated findings and exceptions often meet. */
const word = fc.constantFrom("a", "b", "c")

export const anyFinding: fc.Arbitrary<Finding> = fc
  .record({ rule: word, alias: word, name: word, packaged: fc.boolean() })
  .map(({ rule, alias, name, packaged }) =>
    packaged
      ? vulnerability({ rule, aliases: [alias], package: npm(name, "1.0.0") })
      : fault({ rule, aliases: [alias], place: { subject: name } }),
  )

const day = fc.integer({ min: -400, max: 180 }).map(days => dayFrom(days))

export const today = "2026-11-26"

export function dayFrom(days: number): string {
  return new Date(Date.parse(`${today}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** As a file may have it: all fields, an expiry that is past or near. */
export const anyException: fc.Arbitrary<Exception> = fc.record({
  ...{ id: word, package: word, reason: word, owner: word, expires: day },
})
