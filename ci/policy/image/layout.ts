import { createReadStream } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import type { Readable } from "node:stream"
import { createGunzip } from "node:zlib"
import type { Image, ImageConfig, Layer } from "./check.ts"

interface Descriptor {
  mediaType: string
  digest: string
}

/**
 * Opens the only image of an OCI layout.
 *
 * @throws Error when there is not exactly one, or a layer has a form that is not known here
 */
export async function openLayout(dir: string): Promise<Image> {
  const { manifests } = await readJson<{ manifests: Descriptor[] }>(join(dir, "index.json"))
  const [entry] = manifests
  if (!entry || manifests.length !== 1) throw new Error(`expected one image, found ${manifests.length}`)
  const manifest = await readJson<{ config: Descriptor; layers: Descriptor[] }>(blobPath(dir, entry.digest))
  const config = await readJson<ImageConfig>(blobPath(dir, manifest.config.digest))
  return { config, layers: manifest.layers.map(layer => openLayer(dir, layer)) }
}

function openLayer(dir: string, { mediaType, digest }: Descriptor): Layer {
  const path = blobPath(dir, digest)
  if (mediaType.endsWith("+gzip") || mediaType.endsWith(".gzip")) {
    return { digest, open: () => forwardingErrors(createReadStream(path), createGunzip()) }
  }
  // Fail closed: a layer that was passed over would count as clean.
  if (!/[.+]tar$/.test(mediaType)) throw new Error(`layer ${digest} is ${mediaType}, which is not known here`)
  return { digest, open: () => createReadStream(path) }
}

function forwardingErrors(source: Readable, gunzip: ReturnType<typeof createGunzip>): Readable {
  source.on("error", error => gunzip.destroy(error))
  return source.pipe(gunzip)
}

function blobPath(dir: string, digest: string): string {
  return join(dir, "blobs", ...digest.split(":"))
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, "utf8")) as T
}
