import { dirtyMark } from "./differences.js"
import { errorText } from "./failure.js"
import { type ImageName, imageNames, knownRuntime, labels, type Runtime } from "./images.js"

/** An image in the registry. */
export interface ImageReference {
  repository: string
  digest: string
}

/** The parts of an image's configuration that say what it was built from. */
export interface ImageConfig {
  config?: { Labels?: Record<string, string> | null }
  rootfs: { diff_ids: string[] }
}

/**
 * @param ref such as localhost:5000/lockstep/backend@sha256:…
 * @param registryAddress the registry that it has to be in
 * @throws Error BUILD_IMAGE_REFERENCE
 */
export function imageReference(ref: string, registryAddress: string): ImageReference {
  const [, address, repository, digest] =
    /^([^/@]+)\/([^@:]+)(?::[^@/]+)?@(sha256:[0-9a-f]{64})$/.exec(ref) ?? []
  if (repository && digest && address === registryAddress) return { repository, digest }
  throw new Error(
    errorText(
      "BUILD_IMAGE_REFERENCE",
      `"${ref}" does not name an image of this registry by digest`,
      `it takes the form ${registryAddress}/NAME@sha256: and 64 hexadecimal digits`,
      "take the digest from dagger call status; for another registry, give --registry and --registry-address",
    ),
  )
}

/** What has to be built to get an image again. */
export interface BuiltFrom {
  name: ImageName
  commit: string
  runtime: Runtime
}

/**
 * What an image says that it was built from.
 *
 * @throws Error BUILD_NO_COMMIT, BUILD_DIRTY, BUILD_UNKNOWN_RUNTIME
 */
export function builtFrom(image: ImageConfig): BuiltFrom {
  const found = image.config?.Labels ?? {}
  const revision = found[labels.revision] ?? ""
  if (revision.endsWith(dirtyMark)) throw new Error(builtDirty(revision))
  const name = imageNames.find(known => known === found[labels.title])
  if (!name || !/^[0-9a-f]{40,64}$/.test(revision)) throw new Error(noCommit(found))
  return { name, commit: revision, runtime: knownRuntime(found[labels.runtime] ?? "slim") }
}

function builtDirty(revision: string): string {
  return errorText(
    "BUILD_DIRTY",
    `the image was built from ${revision}`,
    "its files were not those of the commit, so nobody can build it again from the history",
    "commit the changes, build and deploy again",
  )
}

function noCommit(found: Record<string, string>): string {
  const said = [labels.title, labels.revision].map(label => `${label} is "${found[label] ?? ""}"`).join(", ")
  return errorText(
    "BUILD_NO_COMMIT",
    "the image does not say what it was built from",
    `of its labels, ${said}`,
    "compare an edge with dagger call images edge digest, as it names no commit; deploy others again with dagger call",
  )
}

/** The error for a commit that the clone does not have. */
export function unknownCommit(commit: string): string {
  return errorText(
    "BUILD_COMMIT_UNKNOWN",
    `this clone does not have the commit ${commit}`,
    "the image was built from it, and only its files can be built again",
    "git fetch (in a shallow clone: git fetch --unshallow), then run the same command again",
  )
}

/**
 * @param expected the digest that was asked for, and the configuration behind it
 * @param rebuilt the same of what its commit gives now
 * @returns undefined when they are the same image, else the error that says where they differ
 */
export function mismatch(expected: Compared, rebuilt: Compared, commit: string): string | undefined {
  if (expected.digest === rebuilt.digest) return undefined
  return errorText(
    "BUILD_NOT_REPRODUCED",
    `commit ${commit} gives ${rebuilt.digest}, not ${expected.digest}`,
    differenceBetween(expected.image.rootfs.diff_ids, rebuilt.image.rootfs.diff_ids),
    "if the base image or the pipeline (ci/) has changed since, verify with those of that time; else don't run it",
  )
}

/** An image as far as two are compared. */
interface Compared {
  digest: string
  image: ImageConfig
}

function differenceBetween(expected: string[], rebuilt: string[]): string {
  if (expected.length !== rebuilt.length)
    return `it has ${expected.length} layers, the rebuilt image ${rebuilt.length}`
  const layer = expected.findIndex((id, index) => id !== rebuilt[index])
  if (layer < 0) return "the layers are the same, the configuration or the way of compression is not"
  return `layer ${layer + 1} of ${expected.length} is the first that differs; the base image's layers come first`
}
