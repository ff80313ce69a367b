import { sign, verify } from "node:crypto"
import { idOf, readSigningKey, readVerificationKey } from "./key.ts"
import type { Statement } from "./statement.ts"

/** A statement with its signatures, in the form DSSE; without signatures when no key was given. */
export interface Envelope {
  readonly payloadType: string
  /** Base64. */
  readonly payload: string
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[]
}

export const payloadType = "application/vnd.in-toto+json"

/** @param privateKey Ed25519, as PEM; undefined: not signed */
export function seal(statement: Statement, privateKey: string | undefined): Envelope {
  const payload = Buffer.from(JSON.stringify(statement))
  const envelope = { payloadType, payload: payload.toString("base64"), signatures: [] } as const
  if (privateKey === undefined) return envelope
  const key = readSigningKey(privateKey)
  const sig = sign(null, signedBytes(payload), key).toString("base64")
  return { ...envelope, signatures: [{ keyid: idOf(key), sig }] }
}

/** How many statements there are, and how many of them nobody stands behind. */
export interface Extent {
  readonly statements: number
  readonly unsigned: number
}

export function extentOf(envelopes: readonly Envelope[]): Extent {
  const unsigned = envelopes.filter(({ signatures }) => signatures.length === 0).length
  return { statements: envelopes.length, unsigned }
}

export function extentText({ statements, unsigned }: Extent): string {
  if (statements === 0) return "none"
  const signed = unsigned === 0 ? "signed" : unsigned === statements ? "UNSIGNED" : `${unsigned} UNSIGNED`
  return `${statements} statements, ${signed}`
}

/** `altered`: it names the key, and the signature is not this content's. */
export type Trust = "signed" | "unsigned" | "other key" | "altered"

/** @param key as PEM, the public or the private one */
export function trustIn({ payload, signatures }: Envelope, key: string): Trust {
  if (signatures.length === 0) return "unsigned"
  const publicKey = readVerificationKey(key)
  const bytes = signedBytes(Buffer.from(payload, "base64"))
  // Ed25519 brings its own hash; what cosign makes with ECDSA has this one.
  const hash = publicKey.asymmetricKeyType === "ec" ? "sha256" : null
  if (signatures.some(({ sig }) => verify(hash, bytes, publicKey, Buffer.from(sig, "base64"))))
    return "signed"
  return signatures.some(({ keyid }) => keyid === idOf(publicKey)) ? "altered" : "other key"
}

/**
 * @param key as PEM, the public or the private one; undefined: signatures do not count
 * @returns undefined when no signature is of this key, or the envelope holds something else
 */
export function open(envelope: Envelope, key: string | undefined): Statement | undefined {
  if (key !== undefined && trustIn(envelope, key) !== "signed") return undefined
  return envelope.payloadType === payloadType ? statementIn(envelope.payload) : undefined
}

/** Anybody may have written it. */
function statementIn(payload: string): Statement | undefined {
  try {
    const found = JSON.parse(Buffer.from(payload, "base64").toString("utf8")) as Partial<Statement> | null
    const isStatement = Array.isArray(found?.subject) && typeof found.predicateType === "string"
    return isStatement ? (found as Statement) : undefined
  } catch {
    return undefined
  }
}

/** What DSSE signs: type and content, each with its length in front. */
function signedBytes(payload: Buffer): Buffer {
  const head = `DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `
  return Buffer.concat([Buffer.from(head), payload])
}
