import { type Envelope, open, type Trust, trustIn } from "../deployer/evidence/envelope.ts"
import { covers, isTestResult, type Statement } from "../deployer/evidence/statement.ts"
import type { Found } from "./collect.ts"
import { provenanceType, sourceIn } from "./provenance.ts"
import { sbomKinds } from "./sbom.ts"

/** One statement at an image, in words. */
export interface Row {
  /** The check, or what else it is. */
  readonly what: string
  readonly predicateType: string | undefined
  /** The key that its signature names; undefined for none. */
  readonly keyId: string | undefined
  /** undefined: there is no key to compare with. */
  readonly trust: Trust | undefined
  /** As the statement has it; undefined when it names no time. */
  readonly when: string | undefined
  readonly result: string
  /** Of the artifact in the registry. */
  readonly artifact: string
}

/** @param digest of the image at which it hangs */
export function rowOf(found: Found, digest: string, key: string | undefined): Row {
  const { envelope, digest: artifact } = found
  const statement = envelope && open(envelope, undefined)
  if (!envelope || !statement) return { ...unreadable, artifact }
  return {
    what: what(statement),
    predicateType: statement.predicateType,
    keyId: envelope.signatures[0]?.keyid,
    trust: key === undefined ? undefined : trustIn(envelope, key),
    when: whenOf(statement),
    result: covers(statement, { digest }) ? resultOf(statement) : "of other digests",
    artifact,
  }
}

const unreadable = {
  ...{ what: "unknown", predicateType: undefined, keyId: undefined, trust: undefined, when: undefined },
  result: "unreadable",
} as const

function what(statement: Statement): string {
  if (isTestResult(statement)) return statement.predicate.configuration.map(one => one?.name).join(", ")
  if (statement.predicateType === provenanceType) return "provenance"
  const sbom = Object.values(sbomKinds).find(({ predicateType }) => predicateType === statement.predicateType)
  return sbom ? `SBOM ${sbom.name}` : statement.predicateType
}

function resultOf(statement: Statement): string {
  if (isTestResult(statement)) {
    const { result, dirty } = statement.predicate
    return dirty ? `${result}, dirty` : String(result)
  }
  return (statement.predicateType === provenanceType && sourceIn(statement.predicate)) || "stated"
}

/** Where the kinds of statements have their time. */
function whenOf({ predicate }: Statement): string | undefined {
  const { finishedOn, metadata, creationInfo } = (predicate ?? {}) as {
    finishedOn?: unknown
    metadata?: { timestamp?: unknown }
    creationInfo?: { created?: unknown }
  }
  const time = finishedOn ?? metadata?.timestamp ?? creationInfo?.created
  return typeof time === "string" ? time : undefined
}

export function envelopesOf(found: readonly Found[]): Envelope[] {
  return found.flatMap(({ envelope }) => envelope ?? [])
}
