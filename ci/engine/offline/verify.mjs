import { createHash } from "node:crypto"
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { PlainError } from "./fail.mjs"
import { kitFingerprint, lockfileHash, manifestFile } from "./place.mjs"

/** @typedef {import("./place.mjs").Manifest} Manifest */

/** The layout of packs that this version writes and reads. */
export const packFormat = 1
/** The manifest's own hash: it names the pack, and people can compare it. */
export const identityFile = "manifest.sha256"

/**
 * @param {string} what
 * @returns {PlainError}
 */
function damaged(what) {
  const fix = "copy the pack once more and compare its SHA-256 with what pack printed, or make a new one"
  return new PlainError("KIT_PACK_DAMAGED", "the pack is damaged or not complete", what, fix)
}

/**
 * Reads the manifest of a pack whose files are in the folder.
 *
 * @param {string} dir
 * @returns {{ id: string, manifest: Manifest }}
 */
export function readManifest(dir) {
  for (const name of [manifestFile, identityFile])
    if (!existsSync(join(dir, name))) throw damaged(`it has no file ${name}`)
  const text = readFileSync(join(dir, manifestFile))
  const id = createHash("sha256").update(text).digest("hex")
  if (readFileSync(join(dir, identityFile), "utf8").trim() !== id)
    throw damaged(`${manifestFile} has not the SHA-256 that ${identityFile} names`)
  return { id, manifest: JSON.parse(text.toString()) }
}

/**
 * Whether the pack is for this machine and this clone.
 *
 * @param {Manifest} manifest
 * @param {string} projectDir
 */
export function requireFitting(manifest, projectDir) {
  if (manifest.format !== packFormat)
    throw new PlainError(
      "KIT_PACK_FORMAT",
      `this pack has format ${manifest.format}, and this clone reads format ${packFormat}`,
      `it was made from commit ${manifest.commit}`,
      "make the pack with the same version of Lockstep as this clone",
    )
  if (manifest.architecture !== process.arch)
    throw new PlainError(
      "KIT_PACK_ARCHITECTURE",
      `this pack is for ${manifest.architecture}, and this machine is ${process.arch}`,
      "it holds compiled programs",
      `make a pack on a machine with ${process.arch}`,
    )
  requireSameKit(manifest)
  if (manifest.lockfile !== lockfileHash(projectDir))
    throw otherVersion(manifest, "another package-lock.json")
}

/**
 * Artifacts of another kit would be used as if they were this one's.
 *
 * @param {Manifest} manifest
 */
export function requireSameKit(manifest) {
  if (manifest.kit !== kitFingerprint()) throw otherVersion(manifest, "other files in ci/engine")
}

/**
 * @param {Manifest} manifest
 * @param {string} what
 */
function otherVersion(manifest, what) {
  return new PlainError(
    "KIT_PACK_OTHER_VERSION",
    "the pack belongs to another version of this clone",
    `it was made from commit ${manifest.commit}, with ${what}`,
    "check out that commit, or unpack a pack of this one; rm ~/.cache/lockstep/offline ends the use of the pack",
  )
}

/**
 * Compares every file in the folder with the manifest.
 *
 * @param {string} dir
 * @param {Manifest} manifest
 */
export async function requireWhole(dir, manifest) {
  const expected = [manifestFile, identityFile, ...manifest.parts.map(({ name }) => name)]
  const unexpected = readdirSync(dir).find(name => !expected.includes(name))
  if (unexpected !== undefined) throw damaged(`the manifest does not name ${unexpected}`)
  for (const { name, size, sha256 } of manifest.parts) {
    const file = join(dir, name)
    if (!existsSync(file)) throw damaged(`${name} is missing`)
    const found = statSync(file).size
    if (found !== size) throw damaged(`${name} has ${found} bytes instead of ${size}`)
    if ((await sha256Of(file)) !== sha256)
      throw damaged(`${name} has another SHA-256 than the manifest names`)
  }
}

/** @param {string} file */
export async function sha256Of(file) {
  const hash = createHash("sha256")
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece)
  return hash.digest("hex")
}

export { damaged }
