import { createHash } from "node:crypto"

/** All of a file in an archive that makes the archive's digest: each as text, to be compared and shown. */
export interface TarEntry {
  name: string
  type: string
  mode: string
  owner: string
  time: string
  link: string
  /** sha256 in hexadecimal digits */
  content: string
}

const blockSize = 512

/** What an entry says about the one behind it, in place of fields that are too short. */
type Overrides = Partial<Record<"path" | "linkpath" | "mtime" | "size" | "uid" | "gid", string>>

/** Reads the archive's entries in their order; it knows the forms of POSIX (pax) and GNU. */
export function readTar(archive: Buffer): TarEntry[] {
  const entries: TarEntry[] = []
  let overrides: Overrides = {}
  for (let at = 0; archive[at]; ) {
    const header = archive.subarray(at, at + blockSize)
    const size = Number(overrides.size ?? number(header, 124, 12))
    const content = archive.subarray(at + blockSize, at + blockSize + size)
    at += blockSize * (1 + Math.ceil(size / blockSize))
    const extension = extensions[text(header, 156, 1)]
    if (extension) overrides = { ...overrides, ...extension(content) }
    else {
      entries.push(entryOf(header, content, overrides))
      overrides = {}
    }
  }
  return entries
}

const extensions: Record<string, (content: Buffer) => Overrides> = {
  x: records,
  // Settings of the whole archive; none of them is needed here.
  g: () => ({}),
  L: content => ({ path: text(content, 0, content.length) }),
  K: content => ({ linkpath: text(content, 0, content.length) }),
}

function entryOf(header: Buffer, content: Buffer, overrides: Overrides): TarEntry {
  const prefix = text(header, 257, 6) === "ustar" ? text(header, 345, 155) : ""
  const name = overrides.path ?? [prefix, text(header, 0, 100)].filter(Boolean).join("/")
  return {
    name: name.replace(/^\.?\//, ""),
    type: text(header, 156, 1) || "0",
    mode: number(header, 100, 8).toString(8).padStart(4, "0"),
    owner: `${overrides.uid ?? number(header, 108, 8)}:${overrides.gid ?? number(header, 116, 8)}`,
    time: overrides.mtime ?? String(number(header, 136, 12)),
    link: overrides.linkpath ?? text(header, 157, 100),
    content: createHash("sha256").update(content).digest("hex"),
  }
}

/** "LENGTH KEY=VALUE\n", one after the other; LENGTH counts the bytes of all of it. */
function records(content: Buffer): Overrides {
  const found: Record<string, string> = {}
  for (let at = 0; at < content.length; ) {
    const length = Number.parseInt(text(content, at, 20), 10)
    if (!(length > 0)) break
    const [, key = "", value = ""] =
      /^\d+ ([^=]+)=(.*)\n$/s.exec(content.toString("utf8", at, at + length)) ?? []
    found[key] = value
    at += length
  }
  return found
}

function text(block: Buffer, from: number, length: number): string {
  const field = block.subarray(from, from + length)
  const end = field.indexOf(0)
  return field.toString("utf8", 0, end < 0 ? field.length : end)
}

/** Octal digits, or, where the first bit is set, a big number in GNU's form. */
function number(block: Buffer, from: number, length: number): number {
  if ((block[from] ?? 0) & 0x80) return Number(`0x${block.subarray(from + 1, from + length).toString("hex")}`)
  return Number.parseInt(text(block, from, length).trim(), 8) || 0
}
