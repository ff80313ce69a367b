/** The checks that a release must have passed before production takes it. */
export const requiredChecks = ["test", "policy"] as const

/**
 * Something that is said of images: an in-toto statement.
 *
 * https://github.com/in-toto/attestation: spec/v1/statement.md
 */
export interface Statement<Predicate = unknown> {
  readonly _type: string
  readonly subject: readonly Subject[]
  readonly predicateType: string
  readonly predicate: Predicate
}

export interface Subject {
  readonly name: string
  readonly digest: { readonly sha256: string }
}

/**
 * That a check had a result: the predicate "test result" and a few fields more, which readers of that predicate skip.
 *
 * The same repository: spec/predicates/test-result.md
 */
export interface TestResult {
  readonly result: "PASSED" | "WARNED" | "FAILED"
  readonly configuration: readonly { readonly name: string }[]
  /** ISO 8601, UTC. */
  readonly finishedOn: string
  readonly commit: string
  /** Whether files differed from the commit's. */
  readonly dirty: boolean
}

const statementType = "https://in-toto.io/Statement/v1"
export const testResult = "https://in-toto.io/attestation/test-result/v0.1"

export interface ImageDigest {
  readonly name: string
  /** Of the manifest: sha256:… */
  readonly digest: string
}

export function statementOf<Predicate>(
  predicateType: string,
  images: readonly ImageDigest[],
  predicate: Predicate,
): Statement<Predicate> {
  const subject = images.map(({ name, digest }) => ({
    name,
    digest: { sha256: digest.replace("sha256:", "") },
  }))
  return { _type: statementType, subject, predicateType, predicate }
}

export interface Passed {
  readonly check: string
  readonly images: readonly ImageDigest[]
  readonly commit: string
  readonly dirty: boolean
  readonly at: Date
}

export function passed({ check, images, commit, dirty, at }: Passed): Statement<TestResult> {
  return statementOf(testResult, images, {
    result: "PASSED",
    configuration: [{ name: check }],
    finishedOn: at.toISOString(),
    ...{ commit, dirty },
  })
}

/** Of what a stranger may have written, so nothing but its form is certain. */
export function isTestResult(statement: Statement): statement is Statement<TestResult> {
  const { predicateType, predicate } = statement
  return (
    predicateType === testResult && Array.isArray((predicate as Partial<TestResult> | null)?.configuration)
  )
}

/** Whether the statement is of this image. */
export function covers({ subject }: Statement, { digest }: Pick<ImageDigest, "digest">): boolean {
  return subject.some(one => `sha256:${one?.digest?.sha256}` === digest)
}
