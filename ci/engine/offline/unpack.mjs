import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs"
import { statfs } from "node:fs/promises"
import { join, resolve } from "node:path"
import { PlainError } from "./fail.mjs"
import { exclusivelyPlain } from "./lock.mjs"
import { cacheDir, packLink } from "./place.mjs"
import { runPlain } from "./spawn.mjs"
import { damaged, readManifest, requireFitting, requireWhole } from "./verify.mjs"

/** The part that holds all, and the Debian package of the program that unpacks it. */
export const contentPart = "content.tar.zst"
export const zstdPart = "zstd.deb"
/** The window in which repetitions are found, as a power of two: the same Debian is in there several times. */
export const zstdWindow = "--long=30"

/**
 * Puts a pack into use: from then on the kit takes all from it. Nothing is changed before the whole pack has been
 * checked, and the last step is a link that appears at once or not at all.
 *
 * @param {string | undefined} file
 * @param {string} projectDir
 */
export async function unpack(file, projectDir) {
  if (file === undefined || !existsSync(file))
    throw new PlainError(
      "KIT_PACK_MISSING",
      file === undefined ? "unpack needs the file of a pack" : `there is no file ${resolve(file)}`,
      "npm run kit -- unpack FILE reads a file that npm run kit -- pack wrote",
      "name the file; a path is taken from the clone's folder",
    )
  const started = Date.now()
  const { manifest, id } = await exclusivelyPlain(() => unpackTo(resolve(file), projectDir))
  say(`Ready after ${seconds(started)}: pack ${id.slice(0, 12)} of commit ${manifest.commit}`)
  say("npm start and npm test use it from now on and need no network. npm run kit -- clean removes it.")
}

/**
 * @param {string} file
 * @param {string} projectDir
 */
async function unpackTo(file, projectDir) {
  for (const left of readdirSync(cacheDir).filter(name => name.startsWith("draft-")))
    rmSync(join(cacheDir, left), { recursive: true, force: true })
  const draft = mkdtempSync(join(cacheDir, "draft-unpack-"))
  try {
    const packed = join(draft, "packed")
    await step("read", () => extract(file, packed))
    const { id, manifest } = readManifest(packed)
    requireFitting(manifest, projectDir)
    await step("check", () => requireWhole(packed, manifest))
    await step("unpack", async () => {
      await requireSpace(manifest.unpackedBytes)
      await decompress(packed, join(draft, "pack"))
      for (const name of ["manifest.json", "manifest.sha256"])
        renameSync(join(packed, name), join(draft, "pack", name))
    })
    await step("use", async () => use(join(draft, "pack"), `pack-${id.slice(0, 16)}`))
    return { id, manifest }
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/**
 * @param {string} file
 * @param {string} dir
 */
async function extract(file, dir) {
  mkdirSync(dir)
  const { ok, said } = await runPlain("tar", ["-xf", file, "--no-same-owner", "-C", dir])
  if (!ok) throw damaged(`tar says: ${said.split("\n").slice(0, 3).join("; ")}`)
}

/** @param {number} bytes */
async function requireSpace(bytes) {
  const { bavail, bsize } = await statfs(cacheDir)
  if (bavail * bsize > bytes) return
  const gigabytes = (/** @type {number} */ value) => `${(value / 1e9).toFixed(1)} GB`
  throw new PlainError(
    "KIT_DISK_FULL",
    `the disk of ${cacheDir} is nearly full`,
    `${gigabytes(bavail * bsize)} are free, ${gigabytes(bytes)} are needed`,
    "make room, or set XDG_CACHE_HOME to a larger disk",
  )
}

/**
 * @param {string} packed
 * @param {string} dir
 */
async function decompress(packed, dir) {
  mkdirSync(dir)
  const zstd = await zstdProgram(packed)
  const script = `"$1" -dc -q ${zstdWindow} "$2" | tar -xf - --no-same-owner -C "$3"`
  const content = join(packed, contentPart)
  const { ok, said } = await runPlain("bash", ["-o", "pipefail", "-c", script, "bash", zstd, content, dir])
  if (!ok) throw new Error(`could not unpack ${contentPart}: ${said}`)
}

/**
 * zstd from PATH, else from the Debian package that comes along: it needs nothing that a bare Debian lacks.
 *
 * @param {string} packed
 */
async function zstdProgram(packed) {
  if ((await runPlain("zstd", ["--version"])).ok) return "zstd"
  const dir = join(packed, "..", "zstd")
  const { ok, said } = await runPlain("dpkg-deb", ["-x", join(packed, zstdPart), dir])
  if (ok) return join(dir, "usr", "bin", "zstd")
  throw new PlainError(
    "KIT_TOOL_MISSING",
    "zstd is not installed",
    said,
    "install zstd, or use Debian or Ubuntu",
  )
}

/**
 * Renaming a link over another one is a single step: there is no moment without a pack, and none with half of one.
 *
 * @param {string} dir
 * @param {string} name
 */
function use(dir, name) {
  const target = join(cacheDir, name)
  const others = readdirSync(cacheDir).filter(entry => /^pack-[0-9a-f]{16}$/.test(entry) && entry !== name)
  if (!existsSync(target)) renameSync(dir, target)
  const link = `${dir}.link`
  symlinkSync(name, link)
  renameSync(link, packLink)
  for (const other of others) rmSync(join(cacheDir, other), { recursive: true, force: true })
}

/**
 * @param {string} name
 * @param {() => Promise<void>} work
 */
async function step(name, work) {
  const started = Date.now()
  await work()
  say(`  ✓ ${name.padEnd(16)} ${seconds(started).padStart(8)}`)
}

/** @param {string} text */
function say(text) {
  process.stdout.write(`${text}\n`)
}

/** @param {number} since */
function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`
}
