import { join } from "node:path"
import { osvScanner } from "../read/osv.ts"
import { scan } from "../run.ts"
import type { Component } from "../sbom.ts"
import type { ArchiveState } from "./state.ts"

/** OSV's names for what package URLs call by their types. */
const ecosystems: Record<string, string> = {
  npm: "npm",
  deb: "Debian",
  golang: "Go",
  pypi: "PyPI",
  gem: "RubyGems",
  cargo: "crates.io",
  maven: "Maven",
  nuget: "NuGet",
}

/** Which archives the packages need. There is always a lockfile of npm's. */
export function neededEcosystems(components: readonly Component[]): string[] {
  const types = ["npm", ...components.map(({ type }) => type)]
  return [...new Set(types.flatMap(type => ecosystems[type] ?? []))].sort()
}

/** An advisory that every database has, for a version that it concerns. */
const canaries = [
  { run: "lockfile", ecosystem: "npm", advisory: "GHSA-35jh-r3h4-6jhm" },
  { run: "bom", ecosystem: "npm", advisory: "GHSA-35jh-r3h4-6jhm" },
  { run: "bom", ecosystem: "Debian", advisory: "DSA-5514-1" },
  { run: "bom", ecosystem: "Go", advisory: "GO-2021-0113" },
]

/**
 * What speaks against using a database. Besides each archive's content it looks at what the scanner made of a lockfile
 * and of an SBOM with old packages in them: a scanner that reads another folder, or no folder at all, finds nothing
 * there either.
 *
 * @param dir the scanner's runs on the canaries: `lockfile` and `bom`
 */
export function databaseFaults(archives: readonly ArchiveState[], dir: string): string[] {
  const faults = archives.flatMap(archive => ("fault" in archive ? [archive.fault] : []))
  if (faults.length > 0) return faults
  const needed = canaries.filter(({ ecosystem }) => archives.some(({ name }) => name === ecosystem))
  return [...new Set(needed.flatMap(canary => missing(canary, join(dir, canary.run))))]
}

function missing({ run, ecosystem, advisory }: (typeof canaries)[number], dir: string): string[] {
  const result = scan("images", osvScanner("images"), [{ subject: `the canary ${run}`, dir }])
  if (result.state === "error") return [result.reason ?? ""]
  const found = result.findings.flatMap(({ rule, aliases }) => [rule, ...aliases])
  if (found.includes(advisory)) return []
  return [`the scanner does not find ${advisory} (${ecosystem}) in a ${run} that has it`]
}
