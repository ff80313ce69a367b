import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { cacheDir, packLink, unpackedManifest } from "../offline/place.mjs"

export { cacheDir }

/** The manifest of the pack that is in use, if one is: then nothing is fetched, and nothing made. */
export const unpacked = unpackedManifest()

/** A short content key of anything that JSON can say. */
export function keyOf(...inputs: unknown[]): string {
  return createHash("sha256").update(JSON.stringify(inputs)).digest("hex").slice(0, 16)
}

/** The content of all files below the folders or files named, as a key; names count, times and modes don't. */
export async function keyOfFiles(...paths: string[]): Promise<string> {
  const hash = createHash("sha256")
  for (const path of paths) await hashInto(hash, path, "")
  return hash.digest("hex").slice(0, 16)
}

async function hashInto(hash: ReturnType<typeof createHash>, path: string, name: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(error => {
    if (error.code === "ENOTDIR") return undefined
    throw error
  })
  if (!entries) {
    hash.update(`${name}\0`).update(await readFile(path))
    return
  }
  const wanted = entries
    .filter(entry => entry.name !== "node_modules")
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of wanted) await hashInto(hash, join(path, entry.name), `${name}/${entry.name}`)
}

/** One thing that the kit makes: a folder named by what it holds and by the key of what it was made from. */
export interface Artifact {
  name: string
  key: string
  /** Fills the empty folder; when it throws or is interrupted, nothing is kept. */
  make(dir: string): Promise<void>
}

/**
 * The same artifact out of the pack that is in use, if one is. It has the key that it got where the pack was made:
 * another Go or other certificates of this machine make no difference.
 */
export function orPacked(artifact: Artifact): Artifact {
  const key = unpacked?.artifacts[artifact.name]
  return key === undefined ? artifact : { ...artifact, key }
}

export function artifactPath({ name, key }: Pick<Artifact, "name" | "key">): string {
  const packed = unpacked?.artifacts[name] === key
  return join(packed ? join(packLink, "artifacts") : cacheDir, `${name}-${key}`)
}

/** Makes the artifact unless it is there, and returns its folder. A finished folder appears at once or not at all. */
export async function ensure(artifact: Artifact): Promise<{ dir: string; made: boolean }> {
  const dir = artifactPath(artifact)
  if (existsSync(dir)) return { dir, made: false }
  await mkdir(cacheDir, { recursive: true })
  const draft = await mkdtemp(join(cacheDir, `draft-${artifact.name}-`))
  try {
    await artifact.make(draft)
    await rename(draft, dir)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  await removeOlder(artifact)
  return { dir, made: true }
}

/** Drafts that an interrupted run left behind. Only the holder of the kit's lock may call this. */
export async function removeDrafts(): Promise<void> {
  for (const entry of await readdir(cacheDir).catch(() => [])) {
    if (entry.startsWith("draft-")) await rm(join(cacheDir, entry), { recursive: true, force: true })
  }
}

/** Keeps the one before as well, so that two clones of different versions don't rebuild in turn. */
async function removeOlder({ name, key }: Artifact): Promise<void> {
  const pattern = new RegExp(`^${name}-[0-9a-f]{16}$`)
  const others = (await readdir(cacheDir)).filter(entry => pattern.test(entry) && entry !== `${name}-${key}`)
  const dated = await Promise.all(
    others.map(async entry => ({ entry, at: (await stat(join(cacheDir, entry))).mtimeMs })),
  )
  const superfluous = dated.sort((a, b) => b.at - a.at).slice(1)
  for (const { entry } of superfluous) await rm(join(cacheDir, entry), { recursive: true, force: true })
}
