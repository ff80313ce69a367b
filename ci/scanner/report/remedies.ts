import type { Finding } from "../model.ts"
import { bySeverity, byWeight, compareText } from "./select.ts"
import { compareVersions } from "./versions.ts"
import { capital, packageText } from "./words.ts"

/** One thing to do, and all that it mends. */
export interface Remedy {
  readonly what: string
  /** The direct dependencies that bring the package in. */
  readonly through: readonly string[]
  /** The worst first. */
  readonly findings: readonly Finding[]
}

/** The findings grouped by what mends them; first what mends the worst, then what mends most. */
export function remediesFor(findings: readonly Finding[]): Remedy[] {
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const key = cureOf(finding)
    groups.set(key, [...(groups.get(key) ?? []), finding])
  }
  return [...groups.values()].map(remedyFor).sort(byUrgency)
}

/** An upgrade mends all that is wrong with a package, wherever it is installed; else what to do is the same thing. */
function cureOf({ scan, rule, package: found, place, todo, fixed }: Finding): string {
  if (scan === "updates") return JSON.stringify([scan, place.subject])
  if (found && fixed !== undefined) return JSON.stringify([found.ecosystem, found.name, found.version])
  return JSON.stringify([scan, rule, found?.name, found?.version, todo])
}

function remedyFor(findings: readonly Finding[]): Remedy {
  const sorted = [...findings].sort(byWeight)
  const through = new Set(sorted.flatMap(({ broughtBy }) => broughtBy ?? []))
  return { what: whatToDo(sorted), through: [...through].sort(compareText), findings: sorted }
}

function whatToDo(findings: readonly Finding[]): string {
  const [first] = findings
  if (!first) return ""
  if (first.scan === "updates") return `Bring Debian's security updates into ${first.place.subject}`
  const target = lowestThatMends(findings)
  if (first.package && target !== undefined) return `Upgrade ${packageText(first)} to ${target}`
  return capital(first.todo)
}

/** The highest of the versions that mend one each. */
function lowestThatMends(findings: readonly Finding[]): string | undefined {
  const ecosystem = findings[0]?.package?.ecosystem ?? ""
  const versions = findings.flatMap(({ fixed }) => fixed ?? [])
  return versions.sort((one, other) => compareVersions(ecosystem, one, other)).at(-1)
}

function byUrgency(one: Remedy, other: Remedy): number {
  const [first] = one.findings
  const [second] = other.findings
  if (!first || !second) return 0
  return bySeverity(first, second) || other.findings.length - one.findings.length || byWeight(first, second)
}
