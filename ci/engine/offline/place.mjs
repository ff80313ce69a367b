// Where the kit keeps what it makes, and where an unpacked pack is. Plain JavaScript, like all that runs before the
// npm packages are installed.
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** The folder of everything that the kit makes; other clones on this machine share it. */
export const cacheDir = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "lockstep")

/** Exists while another run of the kit is at work. */
export const lockDir = join(cacheDir, "lock")

/** A link to the folder of the pack that is in use. Without it the kit uses the network. */
export const packLink = join(cacheDir, "offline")

/** The vulnerability database of the pack in use, if it has one. */
export const packedDatabase = join(packLink, "vulnerability-db")

/** The certificate authority of this machine's own proxy: its key never leaves the machine. */
export const authorityDir = join(cacheDir, "offline-authority")

export const manifestFile = "manifest.json"

/**
 * What a pack says of itself.
 *
 * @typedef {object} Manifest
 * @property {number} format
 * @property {string} commit the commit that was checked out where it was made
 * @property {string} made when, in UTC
 * @property {string} architecture as Node calls it
 * @property {string} kit the fingerprint of the clone's kit
 * @property {string} lockfile the SHA-256 of its package-lock.json
 * @property {Record<string, string>} artifacts the key of each artifact, by its name
 * @property {string} goProxy what Go modules were fetched through
 * @property {string} npmRegistry where npm packages were fetched
 * @property {number} unpackedBytes
 * @property {Part[]} parts
 */

/**
 * A file of a pack.
 *
 * @typedef {object} Part
 * @property {string} name
 * @property {number} size
 * @property {string} sha256 in hexadecimal digits
 */

/** @returns {Manifest | undefined} the manifest of the pack in use */
export function unpackedManifest() {
  const file = join(packLink, manifestFile)
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined
}

const kitDir = join(dirname(fileURLToPath(import.meta.url)), "..")

/** A hash of what decides which artifacts a clone needs: the kit's own files. */
export function kitFingerprint() {
  const hash = createHash("sha256")
  const names = readdirSync(kitDir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(kitDir.length))
    .filter(name => !name.includes("node_modules"))
    .sort()
  for (const name of names)
    hash
      .update(`${name}\0`)
      .update(readFileSync(join(kitDir, name)))
      .update("\0")
  return hash.digest("hex")
}

/** @param {string} projectDir */
export function lockfileHash(projectDir) {
  return createHash("sha256")
    .update(readFileSync(join(projectDir, "package-lock.json")))
    .digest("hex")
}
