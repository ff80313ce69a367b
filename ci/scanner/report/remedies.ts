import { type Finding, scans } from "../model.ts"
import { bySeverity, byWeight, compareText } from "./select.ts"
import { compareVersions } from "./versions.ts"
import { capital, packageText } from "./words.ts"

/** One thing to do, and all that it mends. */
export interface Remedy {
  readonly what: string
  /** The command or the way, where there is more to say. */
  readonly how?: string
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

/**
 * An upgrade mends all that is wrong with a package, wherever it is installed; a new base image all that Debian has
 * mended; and a rule that is broken in many places asks for the same thing in each.
 */
function cureOf(finding: Finding): string {
  const { scan, rule, package: found, place, fixed } = finding
  if (isDebians(finding)) return JSON.stringify(["Debian", place.subject])
  if (found && fixed !== undefined) return JSON.stringify([found.ecosystem, found.name, found.version])
  if (scan === "dependencies" || scan === "images") return JSON.stringify([scan, found?.name, found?.version])
  return JSON.stringify([scan, rule])
}

/** A package that is upgraded by taking a newer base image. */
function isDebians({ scan, package: found, fixed }: Finding): boolean {
  return scan === "updates" || (fixed !== undefined && found?.ecosystem.startsWith("Debian") === true)
}

function remedyFor(findings: readonly Finding[]): Remedy {
  const sorted = [...findings].sort(byWeight)
  const through = new Set(sorted.flatMap(({ broughtBy }) => broughtBy ?? []))
  return { ...wayOf(sorted), through: [...through].sort(compareText), findings: sorted }
}

function wayOf(findings: readonly Finding[]): Pick<Remedy, "what" | "how"> {
  const [first] = findings
  if (!first) return { what: "" }
  if (isDebians(first)) return { what: `Build ${first.place.subject} again on a base with Debian's updates` }
  const highest = highestFix(findings)
  if (first.package && highest)
    return { what: `Upgrade ${packageText(first)} to ${highest.fixed}`, how: highest.todo }
  return { what: capital(whatAllSay(findings, first)) }
}

/** Of one rule; what to do may name the line. */
function whatAllSay(findings: readonly Finding[], { scan, rule, title, todo }: Finding): string {
  if (findings.every(finding => finding.todo === todo)) return todo
  if (findings.every(finding => finding.title === title)) return `${rule}: ${title}`
  return `${scans[scan].title}: ${rule}`
}

/** The finding that asks for the highest version: it mends the others too. */
function highestFix(findings: readonly Finding[]): Finding | undefined {
  const ecosystem = findings[0]?.package?.ecosystem ?? ""
  return findings
    .filter(({ fixed }) => fixed !== undefined)
    .sort((one, other) => compareVersions(ecosystem, one.fixed ?? "", other.fixed ?? ""))
    .at(-1)
}

function byUrgency(one: Remedy, other: Remedy): number {
  const [first] = one.findings
  const [second] = other.findings
  if (!first || !second) return 0
  return bySeverity(first, second) || other.findings.length - one.findings.length || byWeight(first, second)
}
