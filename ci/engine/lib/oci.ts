import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { link, mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"

/** What the image does when it is run, in the OCI image configuration's own words. */
export interface ImageConfig {
  Env?: string[]
  Entrypoint?: string[]
  Cmd?: string[]
  WorkingDir?: string
  Labels?: Record<string, string>
}

/** Where Debian's programs are. */
export const systemPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

interface Descriptor {
  mediaType: string
  digest: string
  size: number
}

const epoch = "1970-01-01T00:00:00Z"

/**
 * Adds an image to an OCI layout. The layers are tar files, kept uncompressed: their digests then depend on nothing but
 * their content, and no time is lost with compressing what stays on this machine. Without times or names of machines
 * in it, the same layers give the same manifest digest everywhere.
 *
 * @param layout the layout's folder; made when it is not there, several images may share it
 * @param name the image's name in the layout's index (org.opencontainers.image.ref.name)
 * @returns the manifest's digest, sha256:…
 */
export async function addImage(
  layout: string,
  name: string,
  layers: string[],
  config: ImageConfig,
): Promise<string> {
  const blobs = join(layout, "blobs", "sha256")
  await mkdir(blobs, { recursive: true })
  const layerBlobs: Descriptor[] = []
  for (const tar of layers) layerBlobs.push(await linkBlob(blobs, tar))
  const image = {
    created: epoch,
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    os: "linux",
    config,
    rootfs: { type: "layers", diff_ids: layerBlobs.map(layer => layer.digest) },
    history: layerBlobs.map(() => ({ created: epoch, created_by: "lockstep kit" })),
  }
  const mediaType = "application/vnd.oci.image.manifest.v1+json"
  const configBlob = await writeBlob(blobs, "application/vnd.oci.image.config.v1+json", image)
  const manifest = await writeBlob(blobs, mediaType, {
    schemaVersion: 2,
    mediaType,
    config: configBlob,
    layers: layerBlobs,
  })
  await writeIndex(layout, name, manifest)
  return manifest.digest
}

/** Hard-links the tar file under its digest: a second copy of half a gigabyte would cost time and disk. */
async function linkBlob(blobs: string, tar: string): Promise<Descriptor> {
  const hash = createHash("sha256")
  let size = 0
  for await (const chunk of createReadStream(tar, { highWaterMark: 1 << 20 })) {
    hash.update(chunk)
    size += chunk.length
  }
  const hex = hash.digest("hex")
  await link(tar, join(blobs, hex)).catch(ignoreExisting)
  return { mediaType: "application/vnd.oci.image.layer.v1.tar", digest: `sha256:${hex}`, size }
}

async function writeBlob(blobs: string, mediaType: string, content: unknown): Promise<Descriptor> {
  const text = JSON.stringify(content)
  const hex = createHash("sha256").update(text).digest("hex")
  await writeFile(join(blobs, hex), text)
  return { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(text) }
}

/** Adds the manifest to the index beside the images that are there. */
async function writeIndex(layout: string, name: string, manifest: Descriptor): Promise<void> {
  const file = join(layout, "index.json")
  const index = await readFile(file, "utf8").catch(() => '{"schemaVersion":2,"manifests":[]}')
  const { manifests } = JSON.parse(index)
  manifests.push({ ...manifest, annotations: { "org.opencontainers.image.ref.name": name } })
  await writeFile(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }))
  await writeFile(file, JSON.stringify({ schemaVersion: 2, manifests }))
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error
}
