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
