import { createHash } from "node:crypto"
import type { Finding } from "../model.ts"
import { byWeight, compareText } from "./select.ts"

/**
 * What makes a finding the same one in the next scan: the rule, and where it is broken. Lines move, versions and titles
 * change without anything being mended, so they are left out.
 */
function identity({ scan, rule, package: found, place }: Finding): string {
  const { subject, file, commit } = place
  return JSON.stringify([scan, rule, found?.ecosystem, found?.name, subject, file, commit])
}

/**
 * The fingerprint of each finding, by finding. Where one rule is broken several times in one file they are numbered
 * from the top, so a number depends on how many are above, not on their lines.
 */
export function fingerprints(findings: readonly Finding[]): ReadonlyMap<Finding, string> {
  const prints = new Map<Finding, string>()
  const numbers = new Map<string, number>()
  for (const finding of [...findings].sort(fromTheTop)) {
    const hash = createHash("sha256").update(identity(finding)).digest("hex").slice(0, 32)
    const number = (numbers.get(hash) ?? 0) + 1
    numbers.set(hash, number)
    prints.set(finding, `${hash}:${number}`)
  }
  return prints
}

function fromTheTop(one: Finding, other: Finding): number {
  const line = (one.place.line ?? 0) - (other.place.line ?? 0)
  return line || compareText(rest(one), rest(other)) || byWeight(one, other)
}

function rest({ package: found, title }: Finding): string {
  return `${found?.version ?? ""}\n${title}`
}
