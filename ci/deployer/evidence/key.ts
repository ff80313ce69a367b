import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto"
import { DeployError } from "../errors.ts"

export const readSigningKey = (pem: string) => readKey(pem, createPrivateKey, isEd25519)

/** Those of cosign count as well: it makes ECDSA keys. */
export const readVerificationKey = (pem: string) =>
  readKey(pem, createPublicKey, key => isEd25519(key) || isP256(key))

/** By which signatures name their key: the SHA-256 of its public part, in hexadecimal digits. */
export function idOf(key: KeyObject): string {
  const publicKey = key.type === "private" ? createPublicKey(key) : key
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex")
}

function isEd25519({ asymmetricKeyType }: KeyObject): boolean {
  return asymmetricKeyType === "ed25519"
}

function isP256({ asymmetricKeyDetails }: KeyObject): boolean {
  return asymmetricKeyDetails?.namedCurve === "prime256v1"
}

/** Never shows the key, nor what was given in its place. */
function readKey(
  pem: string,
  read: (pem: string) => KeyObject,
  isUsable: (key: KeyObject) => boolean,
): KeyObject {
  try {
    const key = read(pem)
    if (isUsable(key)) return key
  } catch {
    // Said below.
  }
  throw new DeployError("DEPLOY_KEY_UNREADABLE", "the key for the evidence cannot be used", {
    why: "it is not an Ed25519 key in PEM form (to check with, ECDSA P-256 as cosign makes it will do), or the private key is needed and it is the public one",
    todo: "make one with `openssl genpkey -algorithm ed25519`; its public part comes with `openssl pkey -pubout`",
    outcome: "usage",
  })
}
