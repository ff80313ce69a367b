import { createHash } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { blobPath, type Descriptor, type Image } from "./archive.ts"

/**
 * Writes an OCI layout with this one image, without its layers.
 *
 * @returns the manifest's digest, sha256:…
 */
export function writeLayout(layout: string, { manifest, config }: Image): string {
  const newConfig = writeBlob(layout, manifest.config.mediaType, config)
  const entry = writeBlob(layout, manifest.mediaType, { ...manifest, config: newConfig })
  writeFileSync(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }))
  writeFileSync(join(layout, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [entry] }))
  return entry.digest
}

function writeBlob(layout: string, mediaType: string, content: unknown): Descriptor {
  const text = JSON.stringify(content)
  const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`
  const file = join(layout, blobPath(digest))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return { mediaType, digest, size: Buffer.byteLength(text) }
}
