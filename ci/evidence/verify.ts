import { DeployError } from "../deployer/errors.ts"
import { objections, type Rules } from "../deployer/evidence/judge.ts"
import { idOf, readVerificationKey } from "../deployer/evidence/key.ts"
import { requiredChecks } from "../deployer/evidence/statement.ts"
import { type Located, subjectOf } from "./attach.ts"
import { collect } from "./collect.ts"
import type { Registry } from "./registry.ts"
import { rowTable } from "./report.ts"
import { envelopesOf, type Row, rowOf } from "./row.ts"

export interface Verified {
  /** As it was asked for. */
  readonly reference: string
  readonly digest: string
  readonly checks: readonly string[]
  /** Id of the key that signatures were checked with; undefined: signatures did not count. */
  readonly keyId: string | undefined
  readonly evidence: readonly Row[]
}

/**
 * Judges an image by the evidence at it, as production judges what it is to run.
 *
 * @throws DeployError EVIDENCE_INSUFFICIENT when something speaks against it
 */
export async function verify(
  registry: Registry,
  image: Omit<Located, "name">,
  reference: string,
  rules: Rules,
): Promise<Verified> {
  const { repository, digest } = image
  const keyId = rules.key === undefined ? undefined : idOf(readVerificationKey(rules.key))
  await subjectOf(registry, image)
  const found = await collect(registry, repository, digest)
  const evidence = found.map(one => rowOf(one, digest, rules.key)).sort(byTime)
  const reasons = objections([image], envelopesOf(found), rules)
  if (reasons.length === 0) return { reference, digest, checks: requiredChecks, keyId, evidence }
  throw insufficient(reference, reasons, evidence)
}

/** Oldest first; what has no time comes last. */
function byTime(one: Row, two: Row): number {
  const [earlier, later] = [one, two].map(({ when = "~", what }) => `${when} ${what}`) as [string, string]
  return earlier < later ? -1 : 1
}

function insufficient(reference: string, reasons: readonly string[], rows: readonly Row[]): DeployError {
  return new DeployError("EVIDENCE_INSUFFICIENT", `the evidence at ${reference} is not enough`, {
    why: reasons.join("; "),
    todo: "do not run it; dagger call staging tests the commit and attaches its evidence, see also that --key is the right one",
    evidence: rows.length === 0 ? [] : rowTable(rows).split("\n"),
    details: { evidence: rows },
  })
}
