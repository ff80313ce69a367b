import type { Envelope } from "../deployer/evidence/envelope.ts"
import { type ArtifactManifest, envelopeOf, statementLayer } from "./artifact.ts"
import type { Registry } from "./registry.ts"

/** Something that hangs at an image and says that it is evidence. */
export interface Found {
  /** Of the artifact. */
  readonly digest: string
  /** undefined: it cannot be read. */
  readonly envelope: Envelope | undefined
}

const atOnce = 8

/**
 * Everything at an image that has the form of evidence, whoever put it there. Other things, such as plain signatures,
 * are left out.
 */
export async function collect(registry: Registry, repository: string, digest: string): Promise<Found[]> {
  const referrers = await registry.referrers(repository, digest)
  const found: Found[] = []
  for (let next = 0; next < referrers.length; next += atOnce) {
    const some = referrers.slice(next, next + atOnce)
    const read = await Promise.all(some.map(one => readArtifact(registry, repository, one.digest)))
    found.push(...read.filter(one => one !== undefined))
  }
  return found
}

async function readArtifact(
  registry: Registry,
  repository: string,
  digest: string,
): Promise<Found | undefined> {
  const manifest = await registry.manifest(repository, digest)
  if (!manifest) return { digest, envelope: undefined }
  const layer = statementLayer(JSON.parse(manifest.content.toString("utf8")) as ArtifactManifest)
  if (!layer) return undefined
  const content = await registry.blob(repository, layer)
  try {
    const envelope = envelopeOf(layer, content)
    return envelope && { digest, envelope }
  } catch {
    return { digest, envelope: undefined }
  }
}
