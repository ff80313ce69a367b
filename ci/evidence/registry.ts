import { setTimeout } from "node:timers/promises"
import { type Descriptor, describe, digestOf, indexType, manifestType } from "./descriptor.ts"
import { fallbackTag, type Index, merged } from "./referrers.ts"

/** Of what is read here; an image is never read whole. */
const largestBytes = 64 * 2 ** 20
const patienceMs = 60_000

/**
 * A tag is written without a condition: of two who read the list at the same moment, the later one takes the other's
 * entry out of it. So each looks again once that moment is over, at a time of its own.
 */
const settleMs = 100
const attempts = 6

const dockerType = "application/vnd.docker.distribution.manifest.v2+json"

/** A registry with OCI's distribution API, as far as evidence needs it. Its errors say what it answered. */
export class Registry {
  readonly #url: string

  private constructor(url: string) {
    this.#url = url
  }

  /** As skopeo does without a certificate to check: https where the registry speaks it, else http. */
  static async at(host: string): Promise<Registry> {
    const secure = new Registry(`https://${host}`)
    if (await secure.#answers().catch(() => false)) return secure
    const plain = new Registry(`http://${host}`)
    await plain.#answers()
    return plain
  }

  /** @returns undefined when it has none; by digest, it is the content that was asked for */
  async manifest(
    repository: string,
    reference: string,
  ): Promise<{ descriptor: Descriptor; content: Buffer } | undefined> {
    const accept = [manifestType, dockerType, indexType].join(", ")
    const path = `${repository}/manifests/${reference}`
    const response = await this.#ask(path, { headers: { accept } }, [200, 404])
    if (response.status === 404) return undefined
    const content = await contentOf(response, path)
    const descriptor = describe(response.headers.get("content-type")?.split(";")[0] ?? "", content)
    if (reference.includes(":") && descriptor.digest !== reference) throw otherContent(path)
    return { descriptor, content }
  }

  async blob(repository: string, { digest, size }: Descriptor): Promise<Buffer> {
    const path = `${repository}/blobs/${digest}`
    if (size > largestBytes) throw new Error(`${path} has ${size} bytes, which is too much`)
    const content = await contentOf(await this.#ask(path, {}, [200]), path)
    if (digestOf(content) !== digest) throw otherContent(path)
    return content
  }

  async putBlob(repository: string, content: Buffer): Promise<void> {
    const digest = digestOf(content)
    const { status } = await this.#ask(`${repository}/blobs/${digest}`, { method: "HEAD" }, [200, 404])
    if (status === 200) return
    const begun = await this.#ask(`${repository}/blobs/uploads/`, { method: "POST" }, [202])
    const location = new URL(begun.headers.get("location") ?? "", this.#url)
    location.searchParams.set("digest", digest)
    const headers = { "content-type": "application/octet-stream" }
    await this.#ask(this.#here(location), { method: "PUT", headers, body: content }, [201])
  }

  /** @param reference a tag, or the digest */
  async putManifest(
    repository: string,
    reference: string,
    mediaType: string,
    content: Buffer,
  ): Promise<void> {
    const headers = { "content-type": mediaType }
    const path = `${repository}/manifests/${reference}`
    await this.#ask(path, { method: "PUT", headers, body: content }, [201])
  }

  /** What refers to a manifest, as the registry's API for it or the tag that stands in for it says. */
  async referrers(repository: string, digest: string): Promise<readonly Descriptor[]> {
    const listed = await this.#listed(repository, digest)
    return listed ?? (await this.#tagged(repository, digest))?.manifests ?? []
  }

  /** Where the registry keeps no list by itself, adds to the one below the tag. */
  async refer(repository: string, digest: string, entries: readonly Descriptor[]): Promise<void> {
    if (await this.#listed(repository, digest)) return
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const list = merged(await this.#tagged(repository, digest), entries)
      if (!list) return
      const content = Buffer.from(JSON.stringify(list))
      await this.putManifest(repository, fallbackTag(digest), indexType, content)
      await setTimeout(settleMs * (1 + Math.random()))
    }
    throw new Error(`somebody else keeps changing ${repository}:${fallbackTag(digest)}`)
  }

  /** @returns undefined when the registry has no API for it */
  async #listed(repository: string, digest: string): Promise<readonly Descriptor[] | undefined> {
    const found: Descriptor[] = []
    let path = `${repository}/referrers/${digest}`
    while (path) {
      const response = await this.#ask(path, {}, [200, 400, 404, 405, 406])
      const isList = response.headers.get("content-type")?.startsWith(indexType)
      if (response.status !== 200 || !isList) return undefined
      found.push(...indexIn(await contentOf(response, path), path).manifests)
      const next = /<([^>]+)>;\s*rel="?next"?/.exec(response.headers.get("link") ?? "")?.[1]
      path = next ? this.#here(new URL(next, this.#url)) : ""
    }
    return found
  }

  async #tagged(repository: string, digest: string): Promise<Index | undefined> {
    const tag = fallbackTag(digest)
    const found = await this.manifest(repository, tag)
    return found && indexIn(found.content, `${repository}:${tag}`)
  }

  /** Registries name places by the address that they think they have, which need not be the one that leads there. */
  #here({ pathname, search }: URL): string {
    return `${pathname}${search}`.replace(/^\/v2\//, "")
  }

  async #answers(): Promise<boolean> {
    await this.#ask("", {}, [200])
    return true
  }

  /** Distribution, the usual registry, answers 500 while another client writes the tag that is read: reads are repeated. */
  async #ask(path: string, request: RequestInit, expected: readonly number[]): Promise<Response> {
    const { method = "GET" } = request
    const url = `${this.#url}/v2/${path}`
    const most = method === "GET" ? attempts : 1
    for (let attempt = 1; ; attempt++) {
      const response = await fetched(url, request)
      if (expected.includes(response.status)) return response
      const said = (await response.text()).trim().slice(0, 300)
      if (response.status < 500 || attempt === most)
        throw new Error(`${method} ${url} was answered with ${response.status} ${said}`.trim())
      await setTimeout(settleMs)
    }
  }
}

async function fetched(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...request, signal: AbortSignal.timeout(patienceMs) })
  } catch (error) {
    throw new Error(`${url}: ${causeOf(error as Error)}`, { cause: error })
  }
}

async function contentOf(response: Response, path: string): Promise<Buffer> {
  const length = Number(response.headers.get("content-length") ?? 0)
  if (length > largestBytes) throw new Error(`${path} has ${length} bytes, which is too much`)
  return Buffer.from(await response.arrayBuffer())
}

/** Something else below the tag is not overwritten. */
function indexIn(content: Buffer, path: string): Index {
  const index = JSON.parse(content.toString("utf8")) as Partial<Index>
  if (index.schemaVersion === 2 && Array.isArray(index.manifests)) return index as Index
  throw new Error(`${path} is no list of what refers to an image`)
}

function otherContent(path: string): Error {
  return new Error(`what the registry gives as ${path} has another digest`)
}

function causeOf(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : error
  return cause.message || (cause as NodeJS.ErrnoException).code || error.message
}
