import { createHash } from "node:crypto"
import type { Readable } from "node:stream"
import { extract, type Header } from "tar-stream"

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

/** Reads the archive's entries in their order, one piece in memory at a time. */
export async function readTar(archive: Readable): Promise<TarEntry[]> {
  const entries: TarEntry[] = []
  const files = archive.pipe(extract())
  archive.on("error", error => files.destroy(error))
  for await (const file of files) {
    const hash = createHash("sha256")
    for await (const piece of file as AsyncIterable<Buffer>) hash.update(piece)
    entries.push({ ...describe(file.header), content: hash.digest("hex") })
  }
  return entries
}

function describe({ name, type, mode = 0, mtime, linkname, ...header }: Header): Omit<TarEntry, "content"> {
  // A number that is too large for its field stands in the extension, which the library only hands on.
  const { uid = header.uid, gid = header.gid } = (header.pax ?? {}) as { uid?: string; gid?: string }
  return {
    name: name.replace(/^\.?\//, ""),
    type: type ?? "file",
    mode: mode.toString(8).padStart(4, "0"),
    owner: `${uid}:${gid}`,
    time: mtime?.toISOString() ?? "none",
    link: linkname ?? "",
  }
}
