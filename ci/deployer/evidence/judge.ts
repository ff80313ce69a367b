import type { NamedImage } from "../named-image.ts"
import { type Envelope, open, trustIn } from "./envelope.ts"
import { covers, isTestResult, requiredChecks, type Statement, type TestResult } from "./statement.ts"

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
  images: readonly Pick<NamedImage, "digest">[],
  envelopes: readonly Envelope[],
  rules: Rules,
): string[] {
  const statements = envelopes.map(envelope => open(envelope, rules.key)).filter(one => one !== undefined)
  const results = statements.filter(isTestResult)
  const faults = requiredChecks.flatMap(check => {
    const own = results.filter(({ predicate }) => predicate.configuration.some(one => one?.name === check))
    return against(check, own, images, rules)
  })
  return faults.length > 0 ? [...untrusted(envelopes, rules), ...new Set(faults)] : []
}

/** What did not count, for want of a signature. */
function untrusted(envelopes: readonly Envelope[], { key }: Rules): string[] {
  if (key === undefined) return []
  const found = envelopes.map(envelope => trustIn(envelope, key))
  const foreign = found.filter(trust => trust === "unsigned" || trust === "other key").length
  const altered = found.filter(trust => trust === "altered").length
  return [
    ...(foreign > 0 ? [`${foreign} of ${found.length} statements are not signed with the key`] : []),
    ...(altered > 0 ? [`${altered} of ${found.length} statements were altered after they were signed`] : []),
  ]
}

function against(
  check: string,
  statements: readonly Statement<TestResult>[],
  images: readonly Pick<NamedImage, "digest">[],
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

function finished({ predicate }: Statement<TestResult>): number {
  return Date.parse(predicate.finishedOn)
}
