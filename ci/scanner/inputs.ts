import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { checkContents } from "./contents.ts"
import { checkLicences } from "./licences.ts"
import { hasPackages, type Lockfile, type LockfilePath, lockfileRuns } from "./lockfile.ts"
import type { ScanResult } from "./model.ts"
import { actionlint } from "./read/actionlint.ts"
import { apt } from "./read/apt.ts"
import { gitleaks } from "./read/gitleaks.ts"
import { hadolint } from "./read/hadolint.ts"
import { osvScanner } from "./read/osv.ts"
import { policy } from "./read/policy.ts"
import { zizmor } from "./read/zizmor.ts"
import { type Look, type Reader, scan, skipped } from "./run.ts"

/** What the tools left behind, in the folders that ci/src/scan.ts makes. */
export interface Inputs {
  /** A folder for each run: dependencies, images/NAME, sbom/NAME, … */
  readonly runs: string
  /** A folder with the lockfiles that were looked at, under their paths in the repository. */
  readonly lockfiles: string
}

/**
 * @param databaseFault why vulnerabilities cannot be looked for; undefined when they were
 */
export function readResults({ runs, lockfiles }: Inputs, databaseFault: string | undefined): ScanResult[] {
  const images = readdirSync(join(runs, "sbom")).sort()
  const looksAt = (scan: string): Look[] =>
    images.map(name => ({ subject: `image ${name}`, dir: join(runs, scan, name) }))
  const look = (scan: string, subject: string): Look => ({ subject, dir: join(runs, scan) })
  const locked = readLockfiles(lockfiles)
  const secrets = [
    look("secrets/tree", "tree"),
    look("secrets/history", "history"),
    ...looksAt("secrets/images").flatMap(partsOf),
  ]
  const ifThere = (name: "workflows" | "workflow-syntax", reader: Reader) =>
    existsSync(join(runs, name))
      ? scan(name, reader, [look(name, ".github/workflows")])
      : skipped(name, reader.version, "there are no workflows")
  return [
    vulnerabilities(
      "dependencies",
      [...locked.entries()]
        .filter(([, lockfile]) => hasPackages(lockfile))
        .map(([path]) => look(lockfileRuns[path], path)),
      databaseFault,
      locked,
    ),
    vulnerabilities("images", looksAt("images"), databaseFault),
    scan("updates", apt, looksAt("updates")),
    scan("secrets", gitleaks, secrets),
    scan("dockerfiles", hadolint, [look("dockerfiles", "docker")]),
    scan("policy", policy, [look("policy", "policy")]),
    ifThere("workflows", zizmor),
    ifThere("workflow-syntax", actionlint),
    checkLicences(locked),
    checkContents(looksAt("sbom")),
  ]
}

/** By their paths; that of what is shipped first. */
function readLockfiles(folder: string): Map<LockfilePath, Lockfile> {
  const paths = (Object.keys(lockfileRuns) as LockfilePath[]).filter(path => existsSync(join(folder, path)))
  return new Map(paths.map(path => [path, JSON.parse(readFileSync(join(folder, path), "utf8")) as Lockfile]))
}

/** Configuration and layers of an image. */
function partsOf({ subject, dir }: Look): Look[] {
  const parts = readdirSync(dir).sort()
  if (parts.length < 2) throw new Error(`no layer of ${subject} was looked at`)
  return parts.map(part => ({ subject, dir: join(dir, part) }))
}

function vulnerabilities(
  name: "dependencies" | "images",
  looks: readonly Look[],
  databaseFault: string | undefined,
  lockfiles?: ReadonlyMap<string, Lockfile>,
): ScanResult {
  const reader = osvScanner(name, lockfiles)
  return databaseFault === undefined
    ? scan(name, reader, looks)
    : skipped(name, reader.version, databaseFault)
}
