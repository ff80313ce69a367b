import { createReadStream } from "node:fs"
import { createGunzip } from "node:zlib"
import type { BuiltImage } from "./image.ts"
import { readTar, type TarEntry } from "./tar-entries.ts"

/**
 * Says for people where two images part.
 *
 * @returns undefined when they are the same, byte for byte
 */
export async function firstDifference(one: BuiltImage, two: BuiltImage): Promise<string | undefined> {
  if (one.manifest === two.manifest) return undefined
  if (one.layers.length !== two.layers.length)
    return `engine 1 made ${one.layers.length} layers, engine 2 ${two.layers.length}`
  const at = one.layers.findIndex((layer, index) => layer.id !== two.layers[index]?.id)
  if (at >= 0) {
    const [left, right] = await Promise.all([entriesOf(one, at), entriesOf(two, at)])
    return `layer ${at + 1}: ${differingEntry(left, right)}`
  }
  const inConfig = differingValue(one.configuration, two.configuration)
  if (inConfig) return `configuration: ${inConfig}`
  return "the layers are the same without compression, and so is the configuration: they were compressed differently"
}

async function entriesOf(image: BuiltImage, at: number): Promise<TarEntry[]> {
  const layer = image.layers[at]
  const file = createReadStream(layer?.file ?? "")
  // The base's layers are as its registry has them, the kit's without compression.
  if (!layer?.compressed) return await readTar(file)
  const archive = file.pipe(createGunzip())
  file.on("error", error => archive.destroy(error))
  return await readTar(archive)
}

/** The first file, in the order of engine 1's archive, that is not the same; and how many there are. */
export function differingEntry(one: TarEntry[], two: TarEntry[]): string {
  const [left, right] = [byName(one), byName(two)]
  const names = [...new Set([...left.keys(), ...right.keys()])]
  const found = names.flatMap(name => describe(name, left.get(name), right.get(name)))
  const [first, ...others] = found
  if (first === undefined) return "the same files, in another order"
  return others.length > 0 ? `${first}; ${others.length} more files differ` : first
}

function byName(entries: TarEntry[]): Map<string, TarEntry> {
  return new Map(entries.map(entry => [entry.name, entry]))
}

function describe(name: string, one: TarEntry | undefined, two: TarEntry | undefined): string[] {
  if (!one || !two) return [`/${name} is there on engine ${one ? 1 : 2} only`]
  const properties = Object.keys(one) as (keyof TarEntry)[]
  const differing = properties.filter(property => one[property] !== two[property])
  if (differing.length === 0) return []
  return [`/${name} differs in ${differing.map(property => words(property, one, two)).join(", ")}`]
}

function words(property: keyof TarEntry, one: TarEntry, two: TarEntry): string {
  const short = (value: string) => (property === "content" ? value.slice(0, 12) : value)
  return `${property} (${short(one[property])} and ${short(two[property])})`
}

/** The first value, by its path, that is not the same in both. */
export function differingValue(one: unknown, two: unknown, path: string[] = []): string | undefined {
  if (isObject(one) && isObject(two)) {
    for (const key of new Set([...Object.keys(one), ...Object.keys(two)])) {
      const found = differingValue(one[key], two[key], [...path, key])
      if (found) return found
    }
    return undefined
  }
  if (one === two) return undefined
  return `${path.join(".")} is ${JSON.stringify(one)} and ${JSON.stringify(two)}`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null
}
