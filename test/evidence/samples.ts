import { generateKeyPairSync, randomUUID } from "node:crypto"
import { type Envelope, seal } from "../../ci/deployer/evidence/envelope.ts"
import { passed, requiredChecks, type Statement } from "../../ci/deployer/evidence/statement.ts"
import type { Located, Sealed } from "../../ci/evidence/attach.ts"
import { describe, manifestType } from "../../ci/evidence/descriptor.ts"
import type { Registry } from "../../ci/evidence/registry.ts"

export interface Keys {
  readonly secret: string
  readonly open: string
}

export function keyPair(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519")
  return {
    secret: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    open: String(publicKey.export({ type: "spki", format: "pem" })),
  }
}

/** That the image passed every check; later ones have other times. */
export function checksOf(image: Pick<Located, "name" | "digest">, at = new Date()): Statement[] {
  const { name, digest } = image
  return requiredChecks.map(check =>
    passed({ check, images: [{ name, digest }], commit: "c".repeat(40), dirty: false, at }),
  )
}

export function sealAll(statements: readonly Statement[], key: string | undefined): Sealed[] {
  return statements.map(statement => ({ statement, envelope: seal(statement, key) }))
}

/** The envelope with another content and the old signature. */
export function altered(envelope: Envelope, change: (text: string) => string): Envelope {
  const text = change(Buffer.from(envelope.payload, "base64").toString())
  return { ...envelope, payload: Buffer.from(text).toString("base64") }
}

/** A new image without layers: evidence is about digests alone. */
export async function pushImage(registry: Registry, repository: string): Promise<Located> {
  const config = Buffer.from(
    JSON.stringify({
      ...{ architecture: "amd64", os: "linux", config: { Labels: { test: randomUUID() } } },
      rootfs: { type: "layers", diff_ids: [] },
    }),
  )
  const manifest = Buffer.from(
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType: manifestType, layers: [] },
      config: describe("application/vnd.oci.image.config.v1+json", config),
    }),
  )
  const { digest } = describe(manifestType, manifest)
  await registry.putBlob(repository, config)
  await registry.putManifest(repository, digest, manifestType, manifest)
  return { name: "backend", repository, digest }
}
