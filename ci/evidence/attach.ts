import { DeployError } from "../deployer/errors.ts"
import type { Envelope } from "../deployer/evidence/envelope.ts"
import { covers, type ImageDigest, type Statement } from "../deployer/evidence/statement.ts"
import { type Artifact, artifactOf } from "./artifact.ts"
import { type Descriptor, manifestType } from "./descriptor.ts"
import type { Registry } from "./registry.ts"

/** An image in a registry. */
export interface Located extends ImageDigest {
  readonly repository: string
}

export interface Sealed {
  readonly statement: Statement
  readonly envelope: Envelope
}

export interface Attached {
  readonly image: string
  readonly added: number
  /** What was there before, of the same content. */
  readonly present: number
}

/** Hangs each statement at the image that it is of. What is there already stays as it is. */
export async function attach(
  registry: Registry,
  image: Located,
  sealed: readonly Sealed[],
): Promise<Attached> {
  const { repository, digest } = image
  const subject = await subjectOf(registry, image)
  const artifacts = sealed
    .filter(({ statement }) => covers(statement, image))
    .map(({ statement, envelope }) => artifactOf(envelope, statement.predicateType, subject))
  const known = new Set((await registry.referrers(repository, digest)).map(one => one.digest))
  const added = artifacts.filter(({ entry }) => !known.has(entry.digest))
  for (const artifact of added) await push(registry, repository, artifact)
  await registry.refer(
    repository,
    digest,
    added.map(({ entry }) => entry),
  )
  return { image: image.name, added: added.length, present: artifacts.length - added.length }
}

async function push(registry: Registry, repository: string, { entry, manifest, blobs }: Artifact) {
  for (const blob of blobs) await registry.putBlob(repository, blob)
  await registry.putManifest(repository, entry.digest, manifestType, manifest)
}

/** @throws DeployError BUILD_IMAGE_UNREADABLE */
export async function subjectOf(
  registry: Registry,
  { repository, digest }: Pick<Located, "repository" | "digest">,
): Promise<Descriptor> {
  const found = await registry.manifest(repository, digest)
  if (found) return found.descriptor
  throw new DeployError("BUILD_IMAGE_UNREADABLE", "the registry does not give this image", {
    why: `it has no ${repository}@${digest}`,
    todo: "see whether the registry runs (npm run kit -- status) and has the image",
  })
}
