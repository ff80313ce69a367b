import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { PassThrough } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGunzip } from "node:zlib"
import { extract } from "tar-stream"

interface Descriptor {
  mediaType: string
  digest: string
  size: number
}

interface Manifest {
  mediaType: string
  config: Descriptor
  layers: Descriptor[]
}

/** The parts of an image's configuration that tests look at or change. */
export interface Config {
  config: {
    Env: string[]
    Labels: Record<string, string>
    User: string
    Healthcheck: { Test: string[]; Interval: number }
  }
}

/** The only image of an OCI layout that `dagger call image layout export` has written. */
export class Layout {
  readonly #dir: string

  constructor(dir: string) {
    this.#dir = dir
  }

  async digest(): Promise<string> {
    const index = await readFile(join(this.#dir, "index.json"), "utf8")
    return (JSON.parse(index) as { manifests: [Descriptor] }).manifests[0].digest
  }

  async config(): Promise<Config> {
    return await this.#read<Config>((await this.#manifest()).config.digest)
  }

  /** What is pulled for each layer, the base's first. */
  async layers(): Promise<{ size: number }[]> {
    return (await this.#manifest()).layers
  }

  /** Every file of every layer, by its path without a leading ./ */
  async files(): Promise<{ path: string; mode: number; size: number }[]> {
    const found: { path: string; mode: number; size: number }[] = []
    for (const { digest, mediaType } of (await this.#manifest()).layers) {
      const archive = extract()
      // The base's layers are as its registry has them, the kit's without compression.
      const plain = mediaType.endsWith("gzip") ? createGunzip() : new PassThrough()
      const read = pipeline(createReadStream(this.#path(digest)), plain, archive)
      for await (const entry of archive) {
        const { name, mode = 0, size = 0 } = entry.header
        found.push({ path: name.replace(/^(\.\/|\/)/, ""), mode, size })
        entry.resume()
      }
      await read
    }
    return found
  }

  /** Makes another image of it, as somebody would who has not built it from the commit that it names. */
  async change(edit: (config: Config) => void): Promise<void> {
    const manifest = await this.#manifest()
    const config = await this.config()
    edit(config)
    const changed = { ...manifest, config: await this.#write(manifest.config.mediaType, config) }
    const entry = await this.#write(manifest.mediaType, changed)
    await writeFile(join(this.#dir, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [entry] }))
  }

  /** Puts the image into the registry as it is, with the registry's own HTTP interface. */
  async push(repository: string): Promise<void> {
    const { config, layers } = await this.#manifest()
    for (const { digest } of [config, ...layers]) await pushBlob(repository, digest, await this.#blob(digest))
    const digest = await this.digest()
    const { mediaType } = await this.#manifest()
    await put(`${repository}/manifests/${digest}`, mediaType, await this.#blob(digest))
  }

  async #manifest(): Promise<Manifest> {
    return await this.#read<Manifest>(await this.digest())
  }

  async #read<T>(digest: string): Promise<T> {
    return JSON.parse((await this.#blob(digest)).toString()) as T
  }

  async #blob(digest: string): Promise<Buffer<ArrayBuffer>> {
    return Buffer.from(await readFile(this.#path(digest)))
  }

  async #write(mediaType: string, content: unknown): Promise<Descriptor> {
    const text = JSON.stringify(content)
    const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`
    await writeFile(this.#path(digest), text)
    return { mediaType, digest, size: Buffer.byteLength(text) }
  }

  #path(digest: string): string {
    return join(this.#dir, "blobs", ...digest.split(":"))
  }
}

async function pushBlob(repository: string, digest: string, content: Buffer<ArrayBuffer>): Promise<void> {
  if ((await fetch(`${repository}/blobs/${digest}`, { method: "HEAD" })).ok) return
  const begun = await fetch(`${repository}/blobs/uploads/`, { method: "POST" })
  const place = new URL(begun.headers.get("location") ?? "", repository)
  place.searchParams.set("digest", digest)
  await put(place.href, "application/octet-stream", content)
}

async function put(url: string, type: string, body: Buffer<ArrayBuffer>): Promise<void> {
  const answer = await fetch(url, { method: "PUT", headers: { "content-type": type }, body })
  if (!answer.ok) throw new Error(`PUT ${url}: ${answer.status} ${await answer.text()}`)
}
