import satisfies from "spdx-satisfies"
import { type Lockfile, nameOf } from "./lockfile.ts"
import type { Finding, ScanResult } from "./model.ts"

/** Licences that ask for no more than their text and the authors' names, or for their own files' sources (MPL). */
export const allowed = [
  "MIT",
  "MIT-0",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "CC-BY-3.0",
  "CC-BY-4.0",
  "MPL-2.0",
  "Python-2.0",
  "Unlicense",
  "Zlib",
]

/**
 * Of npm packages that are shipped; what only the build uses is not given to anybody.
 *
 * @param lockfiles by their paths; what is shipped is in the first
 */
export function checkLicences(lockfiles: ReadonlyMap<string, Lockfile>): ScanResult {
  const result = { name: "licences", version: "1" } as const
  try {
    const [first] = lockfiles
    if (first === undefined) throw new Error("there is no lockfile")
    const [subject, { packages }] = first
    const shipped = Object.entries(packages).filter(([at, { dev, link }]) => at !== "" && !dev && !link)
    const findings = shipped.flatMap(([at, { version = "?", license }]) =>
      isAllowed(license) ? [] : [finding({ name: nameOf(at), version, license }, subject)],
    )
    return { ...result, state: "done", extent: `${shipped.length} shipped packages`, findings }
  } catch (error) {
    return { ...result, state: "error", reason: (error as Error).message, extent: "", findings: [] }
  }
}

function isAllowed(license: string | undefined): boolean {
  if (license === undefined) return false
  try {
    return satisfies(license, allowed)
  } catch {
    // No SPDX expression: a person has to read it.
    return false
  }
}

function finding(
  one: { name: string; version: string; license: string | undefined },
  subject: string,
): Finding {
  const { name, version, license = "none" } = one
  return {
    scan: "licences",
    rule: `licence-${license.replaceAll(/[^\w.+-]+/g, "-")}`,
    aliases: [],
    severity: "high",
    place: { subject },
    package: { ecosystem: "npm", name, version },
    title: `${name} ${version} has the licence ${license}, which is not on the list of allowed ones`,
    todo: `do without ${name}, make an exception, or allow the licence in ci/scanner/licences.ts`,
  }
}
