/** Where an image's configuration names the commit that it was built from; the OCI specification's own name. */
export const revisionLabel = "org.opencontainers.image.revision"

/**
 * The digest of the only image in an OCI layout.
 *
 * @param index the content of the layout's index.json
 * @throws Error when there is not exactly one image
 */
export function manifestDigest(index: string): string {
  const { manifests } = JSON.parse(index) as { manifests: { digest: string }[] }
  const [only] = manifests
  if (!only || manifests.length !== 1)
    throw new Error(`BUILD_LAYOUT: expected one image, found ${manifests.length}`)
  return only.digest
}
