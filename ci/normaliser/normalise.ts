import { createHash } from "node:crypto"
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Healthcheck } from "./healthcheck.ts"

interface Descriptor {
  mediaType: string
  digest: string
  size: number
}

interface Manifest {
  config: Descriptor
  layers: Descriptor[]
}

interface ImageConfig {
  created?: string
  config?: { Healthcheck?: Healthcheck }
  history?: { created?: string }[]
}

const epoch = "1970-01-01T00:00:00Z"

/**
 * Takes the times out of the one image in the OCI layout, so that its digest depends on its content alone: the
 * configuration's and the history's `created`, and the index's annotations. Puts back the health check that Dagger drops.
 *
 * @param layout the folder of the layout, changed in place
 * @returns the manifest's new digest, sha256:…
 */
export function normaliseLayout(layout: string, healthcheck: Healthcheck | undefined): string {
  const index = readJson<{ manifests: Descriptor[] }>(join(layout, "index.json"))
  const [entry] = index.manifests
  if (!entry || index.manifests.length !== 1)
    throw new Error(`expected one image, found ${index.manifests.length}`)
  const manifest = readJson<Manifest>(blobPath(layout, entry.digest))
  const config = withoutTimes(readJson<ImageConfig>(blobPath(layout, manifest.config.digest)))
  if (healthcheck) config.config = { ...config.config, Healthcheck: healthcheck }
  const newConfig = replaceBlob(layout, manifest.config, config)
  const newManifest = replaceBlob(layout, entry, { ...manifest, config: newConfig })
  writeFileSync(join(layout, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [newManifest] }))
  rmSync(join(layout, "manifest.json"), { force: true })
  return newManifest.digest
}

function withoutTimes(config: ImageConfig): ImageConfig {
  const history = config.history?.map(entry => ({ ...entry, created: epoch }))
  return { ...config, created: epoch, ...(history && { history }) }
}

/** Writes the new content under its digest and returns its descriptor; annotations (times, names) are dropped. */
function replaceBlob(layout: string, old: Descriptor, content: unknown): Descriptor {
  const text = JSON.stringify(content)
  const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`
  if (digest !== old.digest) rmSync(blobPath(layout, old.digest))
  writeFileSync(blobPath(layout, digest), text)
  return { mediaType: old.mediaType, digest, size: Buffer.byteLength(text) }
}

function blobPath(layout: string, digest: string): string {
  return join(layout, "blobs", ...digest.split(":"))
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8")) as T
}
