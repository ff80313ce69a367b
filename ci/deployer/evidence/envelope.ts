import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto"
import { DeployError } from "../errors.ts"
import type { Statement } from "./statement.ts"

/** A statement with its signatures, in the form DSSE; without signatures when no key was given. */
export interface Envelope {
  readonly payloadType: typeof payloadType
  /** Base64. */
  readonly payload: string
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[]
}

const payloadType = "application/vnd.in-toto+json"

/** @param privateKey Ed25519, as PEM; undefined: not signed */
export function seal(statement: Statement, privateKey: string | undefined): Envelope {
  const payload = Buffer.from(JSON.stringify(statement))
  const envelope = { payloadType, payload: payload.toString("base64"), signatures: [] } as const
  if (privateKey === undefined) return envelope
  const key = readSigningKey(privateKey)
  const sig = sign(null, signedBytes(payload), key).toString("base64")
  return { ...envelope, signatures: [{ keyid: keyId(createPublicKey(key)), sig }] }
}

/**
 * @param key Ed25519, as PEM, the public or the private one; undefined: signatures do not count
 * @returns undefined when no signature is of this key, or the envelope holds something else
 */
export function open(envelope: Envelope, key: string | undefined): Statement | undefined {
  const payload = Buffer.from(envelope.payload, "base64")
  if (key !== undefined) {
    const publicKey = readVerificationKey(key)
    const isSigned = envelope.signatures.some(({ sig }) => {
      return verify(null, signedBytes(payload), publicKey, Buffer.from(sig, "base64"))
    })
    if (!isSigned) return undefined
  }
  return envelope.payloadType === payloadType
    ? (JSON.parse(payload.toString("utf8")) as Statement)
    : undefined
}

/** What DSSE signs: type and content, each with its length in front. */
function signedBytes(payload: Buffer): Buffer {
  const head = `DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `
  return Buffer.concat([Buffer.from(head), payload])
}

function keyId(publicKey: KeyObject): string {
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex")
}

export const readSigningKey = (pem: string) => readKey(pem, createPrivateKey)
export const readVerificationKey = (pem: string) => readKey(pem, createPublicKey)

/** Never shows the key, nor what was given in its place. */
function readKey(pem: string, read: (pem: string) => KeyObject): KeyObject {
  try {
    const key = read(pem)
    if (key.asymmetricKeyType === "ed25519") return key
  } catch {
    // Said below.
  }
  throw new DeployError("DEPLOY_KEY_UNREADABLE", "the key for the evidence cannot be used", {
    why: "it is not an Ed25519 key in PEM form, or the private key is needed and it is the public one",
    todo: "make one with `openssl genpkey -algorithm ed25519`; its public part comes with `openssl pkey -pubout`",
    outcome: "usage",
  })
}
