import { dirtyMark } from "./differences.js"
import { errorText } from "./failure.js"
import { revisionLabel } from "./oci.js"

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

/** @param stderr what skopeo printed */
export function readError(stderr: string): string {
  return errorText(
    "BUILD_IMAGE_UNREADABLE",
    "the registry does not give this image",
    stderr.trim().split("\n").at(-1) ?? "",
    "see whether the registry runs (npm run kit -- status) and has the image",
  )
}

/**
 * The commit that an image names.
 *
 * @throws Error BUILD_NO_COMMIT, BUILD_DIRTY
 */
export function builtCommit(image: ImageConfig): string {
  const revision = image.config?.Labels?.[revisionLabel] ?? ""
  if (revision.endsWith(dirtyMark)) {
    throw new Error(
      errorText(
        "BUILD_DIRTY",
        `the image was built from ${revision}`,
        "its files were not those of the commit, so nobody can build it again from the history",
        "commit the changes, build and deploy again",
      ),
    )
  }
  if (/^[0-9a-f]{40,64}$/.test(revision)) return revision
  throw new Error(
    errorText(
      "BUILD_NO_COMMIT",
      "the image does not name its commit",
      `its label ${revisionLabel} is "${revision}"`,
      "build and deploy it again with dagger call, which sets the label",
    ),
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
