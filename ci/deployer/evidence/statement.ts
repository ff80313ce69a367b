/** The checks that a release must have passed before production takes it. */
export const requiredChecks = ["test", "policy"] as const

/**
 * That a check had a result for images: an in-toto statement with the predicate "test result", and a few fields more,
 * which readers of that predicate skip.
 *
 * https://github.com/in-toto/attestation: spec/v1/statement.md and spec/predicates/test-result.md
 */
export interface Statement {
  readonly _type: typeof statementType
  readonly subject: readonly Subject[]
  readonly predicateType: typeof testResult
  readonly predicate: {
    readonly result: "PASSED" | "WARNED" | "FAILED"
    readonly configuration: readonly { readonly name: string }[]
    /** ISO 8601, UTC. */
    readonly finishedOn: string
    readonly commit: string
    /** Whether files differed from the commit's. */
    readonly dirty: boolean
  }
}

interface Subject {
  readonly name: string
  readonly digest: { readonly sha256: string }
}

const statementType = "https://in-toto.io/Statement/v1"
const testResult = "https://in-toto.io/attestation/test-result/v0.1"

export interface Passed {
  readonly check: string
  readonly images: readonly { readonly name: string; readonly digest: string }[]
  readonly commit: string
  readonly dirty: boolean
  readonly at: Date
}

export function passed({ check, images, commit, dirty, at }: Passed): Statement {
  return {
    _type: statementType,
    subject: images.map(({ name, digest }) => ({ name, digest: { sha256: digest.replace("sha256:", "") } })),
    predicateType: testResult,
    predicate: {
      result: "PASSED",
      configuration: [{ name: check }],
      finishedOn: at.toISOString(),
      ...{ commit, dirty },
    },
  }
}
