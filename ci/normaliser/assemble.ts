// Runs in a container of the pipeline with plain Node: node assemble.ts LAYOUT LAYERS.tar …
import { execFileSync } from "node:child_process"
import { blobPath, readImage } from "./archive.ts"

const [, , layout, ...tarballs] = process.argv
if (!layout || tarballs.length === 0) throw new Error("usage: assemble.ts LAYOUT LAYERS.tar …")
for (const tarball of tarballs) {
  const layers = readImage(tarball).manifest.layers.map(({ digest }) => blobPath(digest))
  execFileSync("tar", ["-xf", tarball, "-C", layout, ...layers])
}
