import type { Readable } from "node:stream"
import { extract, type Header } from "tar-stream"
import { longestShape, secretInFile } from "../secrets.ts"

/** What a layer says of one path. */
export interface Entry {
  readonly path: string
  readonly type: string
  /** The rights, with setuid (4000), setgid (2000) and the sticky bit (1000). */
  readonly mode: number
  /** Whether it has capabilities of its own, as setcap gives them. */
  readonly capable: boolean
  /** Of a hard link: the path of the file. */
  readonly target: string
}

export interface LayerContent {
  readonly entries: readonly Entry[]
  /** What was found, with its path and without the secret. */
  readonly secrets: readonly string[]
}

/** Files that hold secrets, whatever they say. What is a secret by its content may have any name. */
const secretFile =
  /(?:^|\/)(?:\.env(?:\.(?!example$|sample$|template$)[^/]*)?|id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|\.netrc|\.pgpass|\.git-credentials|\.htpasswd|\.aws\/credentials|\.docker\/config\.json|\.kube\/config|[^/]+\.(?:p12|pfx|jks|keystore|kdbx|ppk))$/i
/** npm's settings are a secret only with a key for the registry in them. */
const registryKey = /_(?:authToken|auth|password)\s*=\s*[^\s$]/

/** Keys for everybody to know: the library tries itself with them, and nothing trusts them. */
const publishedKeys = /^usr\/lib\/[^/]+\/libgnutls\.so\.[\d.]+$/

/** Reads a layer's tar from end to end, one piece in memory at a time. */
export async function readLayer(tar: Readable): Promise<LayerContent> {
  const entries: Entry[] = []
  const secrets: string[] = []
  const files = tar.pipe(extract())
  tar.on("error", error => files.destroy(error))
  for await (const file of files) {
    const entry = entryOf(file.header)
    entries.push(entry)
    const what = await secretOf(entry, file as AsyncIterable<Buffer>)
    if (what) secrets.push(`/${entry.path} ${what}`)
  }
  return { entries, secrets }
}

function entryOf({ name, type, mode, linkname, pax }: Header): Entry {
  const capable = Object.keys(pax ?? {}).includes("SCHILY.xattr.security.capability")
  return { capable, path: plain(name), type: type ?? "file", mode: mode ?? 0, target: plain(linkname ?? "") }
}

/** Tars name the same file as `a/b`, `./a/b` or `/a/b`. */
function plain(path: string): string {
  return path
    .split("/")
    .filter(part => part !== "" && part !== ".")
    .join("/")
}

async function secretOf(entry: Entry, content: AsyncIterable<Buffer>): Promise<string | undefined> {
  let found: string | undefined
  let end = ""
  // Read to the end in any case: the next file comes after it.
  for await (const piece of content) {
    if (found) continue
    const text = end + piece.toString("latin1")
    found = contentSecret(entry.path, text)
    end = text.slice(-longestShape)
  }
  const isFile = entry.type === "file" || entry.type === "contiguous-file"
  return isFile && secretFile.test(entry.path) ? "is a file for secrets by its name" : found
}

function contentSecret(path: string, text: string): string | undefined {
  if (/(?:^|\/)\.?npmrc$/.test(path) && registryKey.test(text)) return "holds a key for a registry"
  const kind = publishedKeys.test(path) ? undefined : secretInFile(text)
  return kind && `holds ${kind}`
}
