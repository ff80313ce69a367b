import type { NamedImage } from "../named-image.ts"
import { type Envelope, open } from "./envelope.ts"
import { requiredChecks, type Statement } from "./statement.ts"

export interface Rules {
  /** Public key as PEM; undefined: signatures do not count. */
  readonly key: string | undefined
  readonly now: Date
  /** A check that is older has expired: what is known of vulnerabilities changes. */
  readonly maxAgeDays: number
}

const day = 86_400_000

/**
 * What speaks against bringing these images to production.
 *
 * @returns reasons for people; none when every image passed every required check
 */
export function objections(
  images: readonly NamedImage[],
  envelopes: readonly Envelope[],
  rules: Rules,
): string[] {
  const statements = envelopes.map(envelope => open(envelope, rules.key)).filter(one => one !== undefined)
  const unsigned = envelopes.length - statements.length
  const faults = requiredChecks.flatMap(check => {
    const own = statements.filter(({ predicate }) =>
      predicate.configuration.some(({ name }) => name === check),
    )
    return against(check, own, images, rules)
  })
  const untrusted =
    unsigned > 0 ? [`${unsigned} of ${envelopes.length} statements are not signed with the key`] : []
  return faults.length > 0 ? [...untrusted, ...new Set(faults)] : []
}

function against(
  check: string,
  statements: readonly Statement[],
  images: readonly NamedImage[],
  { now, maxAgeDays }: Rules,
): string[] {
  if (statements.length === 0) return [`there is no evidence of the check ${check}`]
  const covering = statements.filter(statement => images.every(image => covers(statement, image)))
  if (covering.length === 0) return [`the evidence of ${check} is of other digests`]
  const latest = covering.reduce((one, two) => (finished(two) > finished(one) ? two : one))
  const { result, dirty, finishedOn } = latest.predicate
  const age = (now.getTime() - finished(latest)) / day
  return [
    ...(result === "PASSED" ? [] : [`${check} ended with ${result}`]),
    ...(dirty ? ["it was built from files that were not committed"] : []),
    // NaN, of a time that cannot be read, is not younger either.
    ...(age <= maxAgeDays ? [] : [`${check} of ${finishedOn} has expired: it counts for ${maxAgeDays} days`]),
  ]
}

function covers({ subject }: Statement, { digest }: NamedImage): boolean {
  return subject.some(one => `sha256:${one.digest.sha256}` === digest)
}

function finished({ predicate }: Statement): number {
  return Date.parse(predicate.finishedOn)
}
