import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"

/** An image in an OCI layout, taken apart. */
export interface BuiltImage {
  name: string
  manifest: string
  config: string
  configuration: ImageConfiguration
  /** Each layer's digest as it is without compression (diff_id), and its file. */
  layers: { id: string; file: string; compressed: boolean }[]
}

interface Manifest {
  config: { digest: string }
  layers: { digest: string; mediaType: string }[]
}

interface ImageConfiguration {
  config?: { Labels?: Record<string, string> }
  rootfs: { diff_ids: string[] }
}

/** @param dir a folder with a layout for each image, as `dagger call images layouts export` writes it */
export async function readImages(dir: string): Promise<BuiltImage[]> {
  const names = (await readdir(dir)).sort()
  return await Promise.all(names.map(name => readImage(name, join(dir, name))))
}

async function readImage(name: string, layout: string): Promise<BuiltImage> {
  const fileOf = (digest: string) => join(layout, "blobs", ...digest.split(":"))
  const index = await readJson<{ manifests: [{ digest: string }] }>(join(layout, "index.json"))
  const digest = index.manifests[0].digest
  const manifest = await readJson<Manifest>(fileOf(digest))
  const configuration = await readJson<ImageConfiguration>(fileOf(manifest.config.digest))
  return {
    name,
    manifest: digest,
    config: manifest.config.digest,
    configuration,
    layers: configuration.rootfs.diff_ids.map((id, at) => ({
      id,
      file: fileOf(manifest.layers[at]?.digest ?? ""),
      compressed: manifest.layers[at]?.mediaType.endsWith("gzip") ?? false,
    })),
  }
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, "utf8")) as T
}

/** Both images side by side for people: the commit that they name, the layers without compression, the digests. */
export function comparison(one: BuiltImage, two: BuiltImage): string {
  const layers = Math.max(one.layers.length, two.layers.length)
  const rows = [
    row("commit", revision(one), revision(two)),
    ...Array.from({ length: layers }, (_, at) =>
      row(`diff_id ${at + 1}`, one.layers[at]?.id ?? "none", two.layers[at]?.id ?? "none"),
    ),
    row("config", one.config, two.config),
    row("manifest", one.manifest, two.manifest),
  ]
  return [[one.name.padEnd(14), "engine 1".padEnd(28), "engine 2"].join(""), ...rows].join("\n")
}

function row(name: string, one: string, two: string): string {
  const cells = [name.padEnd(12), short(one).padEnd(28), short(two).padEnd(28)]
  return `  ${cells.join("")}${one === two ? "equal" : "DIFFERENT"}`
}

function revision(image: BuiltImage): string {
  return image.configuration.config?.Labels?.["org.opencontainers.image.revision"] ?? "none"
}

/** Enough of a hash to tell two apart, and all that is not part of it. */
function short(text: string): string {
  return text.replace(/([0-9a-f]{12})[0-9a-f]{28,}/, "$1")
}
