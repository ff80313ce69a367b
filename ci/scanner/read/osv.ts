import { gt, valid } from "semver"
import { broughtBy, type Lockfile } from "../lockfile.ts"
import type { Finding, Package, Severity } from "../model.ts"
import type { Reader } from "../run.ts"
import { modules } from "../tools.ts"

interface Output {
  readonly results: readonly { readonly packages?: readonly Affected[] }[]
}

interface Affected {
  readonly package: Package
  readonly vulnerabilities?: readonly Advisory[]
  /** Advisories that are the same by their aliases. */
  readonly groups?: readonly {
    readonly ids: readonly string[]
    readonly aliases: readonly string[]
    readonly max_severity: string
  }[]
}

interface Advisory {
  readonly id: string
  readonly summary?: string
  readonly database_specific?: { readonly severity?: unknown }
  readonly affected?: readonly {
    readonly package?: { readonly name: string; readonly ecosystem: string }
    readonly ecosystem_specific?: { readonly urgency?: unknown }
    readonly ranges?: readonly { readonly events?: readonly { readonly fixed?: string }[] }[]
  }[]
}

type Group = NonNullable<Affected["groups"]>[number]

/**
 * 1 is said when something was found. 128, that no package was found, is not among them: every lockfile and every image
 * that is looked at has packages.
 *
 * @param lockfiles those that were looked at, by the names of the subjects
 */
export function osvScanner(
  scan: "dependencies" | "images",
  lockfiles: ReadonlyMap<string, Lockfile> = new Map(),
): Reader {
  return {
    version: modules["osv-scanner"].version,
    complete: [0, 1],
    read(run, subject) {
      const { results } = JSON.parse(run.stdout) as Output
      const packages = results.flatMap(result => result.packages ?? [])
      const findings = packages.flatMap(affected =>
        (affected.groups ?? []).map(group => ({
          scan,
          ...finding(affected, group, subject, lockfiles.get(subject)),
        })),
      )
      return { findings, extent: extentOf(run.stderr) }
    },
  }
}

/** "Scanned … file and found 412 packages" */
function extentOf(stderr: string): string {
  const [, count] = /found (\d+) packages?/.exec(stderr) ?? []
  if (count === undefined || count === "0")
    throw new Error("it does not say how many packages it has looked at")
  return `${count} packages`
}

function finding(
  { package: { name, version, ecosystem }, vulnerabilities = [] }: Affected,
  { ids, aliases, max_severity }: Group,
  subject: string,
  lockfile: Lockfile | undefined,
): Omit<Finding, "scan"> {
  const advisories = vulnerabilities.filter(({ id }) => ids.includes(id))
  const rule = ids.find(id => id.startsWith("GHSA-")) ?? ids[0] ?? "unknown"
  const fixed = fixedVersion(advisories, { name, version, ecosystem })
  const score = Number.parseFloat(max_severity)
  const origins = lockfile && broughtBy(lockfile, name, version)
  return {
    rule,
    aliases: [...new Set([...ids, ...aliases])].filter(id => id !== rule).sort(),
    severity: Number.isNaN(score) ? named(advisories) : scored(score),
    ...(Number.isNaN(score) ? {} : { score }),
    place: { subject },
    package: { name, version, ecosystem },
    title: advisories.find(({ summary }) => summary)?.summary ?? rule,
    todo: advice({ name, version, ecosystem }, fixed, origins),
    ...(fixed !== undefined && { fixed }),
    ...(origins && { broughtBy: origins }),
    link: `https://osv.dev/vulnerability/${rule}`,
    ...(fixed === undefined &&
      ecosystem.startsWith("Debian") && { waived: "Debian has no mended version yet" }),
  }
}

/** The bands of CVSS 3 and 4. */
function scored(score: number): Severity {
  if (score >= 9) return "critical"
  if (score >= 7) return "high"
  return score >= 4 ? "medium" : "low"
}

const words: Record<string, Severity> = {
  critical: "critical",
  high: "high",
  moderate: "medium",
  medium: "medium",
  low: "low",
  unimportant: "low",
}

/** What the database calls it, where there is no score. */
function named(advisories: readonly Advisory[]): Severity {
  const said = advisories.flatMap(({ database_specific, affected = [] }) => [
    database_specific?.severity,
    ...affected.map(({ ecosystem_specific }) => ecosystem_specific?.urgency),
  ])
  return said.map(word => words[String(word).toLowerCase()]).find(word => word !== undefined) ?? "unknown"
}

/** The lowest version above the present one that an advisory names as mended; of other ecosystems than npm the only one. */
function fixedVersion(advisories: readonly Advisory[], own: Package): string | undefined {
  const versions = advisories
    .flatMap(({ affected = [] }) => affected)
    .filter(one => one.package?.name === own.name && one.package.ecosystem === own.ecosystem)
    .flatMap(({ ranges = [] }) => ranges.flatMap(({ events = [] }) => events))
    .flatMap(({ fixed }) => (fixed === undefined ? [] : [fixed]))
  const unique = [...new Set(versions)]
  if (unique.length < 2 || !unique.every(one => valid(one))) return unique.at(-1)
  return unique.filter(one => gt(one, own.version)).reduce((one, two) => (gt(one, two) ? two : one))
}

function advice(
  { name, ecosystem }: Package,
  fixed: string | undefined,
  origins: readonly string[] = [],
): string {
  if (fixed === undefined)
    return `there is no mended version of ${name} yet: do without it, or make an exception`
  if (ecosystem.startsWith("Debian")) return `build again on a base image with ${name} ${fixed}`
  if (ecosystem !== "npm") return `build with ${name} ${fixed} or later`
  const indirect = origins.filter(origin => !origin.startsWith(`${name}@`))
  if (indirect.length === 0 || indirect.length < origins.length) return `npm install ${name}@${fixed}`
  return `update ${indirect.join(", ")} so that it brings ${name} ${fixed}, or npm update ${name}`
}
