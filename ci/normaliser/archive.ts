import { execFileSync } from "node:child_process"

export interface Descriptor {
  mediaType: string
  digest: string
  size: number
}

/** What this program reads of a manifest and a configuration; the rest of them it hands on as it is. */
export interface Manifest {
  config: Descriptor
  layers: Descriptor[]
}

export interface ImageConfig {
  created?: string
  config?: Record<string, unknown>
  rootfs: { type: string; diff_ids: string[] }
  history?: { created?: string }[]
}

export interface Image {
  manifest: Manifest & { mediaType: string }
  config: ImageConfig
}

/** Reads the only image of an OCI layout in a tar file, without unpacking its layers: tar leaps over them. */
export function readImage(tarball: string): Image {
  const { manifests } = readJson<{ manifests: Descriptor[] }>(tarball, "index.json")
  const [entry] = manifests
  if (!entry || manifests.length !== 1) throw new Error(`expected one image, found ${manifests.length}`)
  const manifest = readJson<Image["manifest"]>(tarball, blobPath(entry.digest))
  return { manifest, config: readJson<ImageConfig>(tarball, blobPath(manifest.config.digest)) }
}

/** Where an OCI layout has the content with this digest. */
export function blobPath(digest: string): string {
  return `blobs/${digest.replace(":", "/")}`
}

function readJson<T>(tarball: string, path: string): T {
  return JSON.parse(execFileSync("tar", ["-xOf", tarball, path], { encoding: "utf8" })) as T
}
