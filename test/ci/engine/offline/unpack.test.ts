import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import fc from "fast-check"
import { afterEach, beforeEach, expect, test } from "vitest"
import { contentPart, zstdPart } from "../../../../ci/engine/offline/unpack.mjs"
import { packFiles, SmallPack } from "./small-pack.ts"

const entry = join("ci", "engine", "entry.mjs")

let home: string
let cache: string
let pack: SmallPack

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "unpack-"))
  cache = join(home, "lockstep")
  pack = await SmallPack.create()
})

afterEach(async () => {
  await rm(home, { recursive: true })
  await pack.remove()
})

/** The real command, with a cache folder of its own. */
async function unpack(file?: string): Promise<{ exitCode: number; screen: string }> {
  const options = { env: { XDG_CACHE_HOME: home }, reject: false, all: true } as const
  const { exitCode = -1, all } = await execa(
    process.execPath,
    [entry, "unpack", ...(file ? [file] : [])],
    options,
  )
  return { exitCode, screen: all }
}

/** One error in the form that all have, and a cache folder in which nothing has changed. */
async function refused(file: string, code: string, before: string[] = []): Promise<string> {
  const { exitCode, screen } = await unpack(file)
  expect(exitCode, screen).toBe(1)
  expect(screen).toMatch(new RegExp(`^error ${code}: .+\\n {2}why: .+\\n {2}do: {2}.+`, "m"))
  expect(await readdir(cache).catch(() => [])).toEqual(before)
  return screen
}

test("a whole pack is used from then on, and unpacking it again changes nothing", async () => {
  const file = await pack.write()
  expect((await unpack(file)).screen).toContain("Ready after")
  const folders = await readdir(cache)
  expect(folders).toEqual(["offline", expect.stringMatching(/^pack-[0-9a-f]{16}$/)])
  const program = join(cache, "offline", "artifacts", "proxy-0123456789abcdef", "lockstep-proxy")
  expect(await readFile(program, "utf8")).toBe("content")
  expect((await unpack(file)).exitCode).toBe(0)
  expect(await readdir(cache)).toEqual(folders)
})

test("another pack takes the place of the one before", async () => {
  await unpack(await pack.write())
  const before = await readlink(join(cache, "offline"))
  const other = await SmallPack.create("other content")
  try {
    await unpack(await other.write())
    expect(await readdir(cache)).toHaveLength(2)
    expect(await readlink(join(cache, "offline"))).not.toBe(before)
  } finally {
    await other.remove()
  }
})

test("no file, and a file that is not there", async () => {
  expect((await unpack()).screen).toContain("error KIT_PACK_MISSING: unpack needs the file of a pack")
  await refused(join(home, "nothing.tar"), "KIT_PACK_MISSING")
})

test("a file that is no pack", async () => {
  const file = join(home, "noise")
  await writeFile(file, Buffer.alloc(100_000, "noise"))
  await refused(file, "KIT_PACK_DAMAGED")
})

test("a pack that ends too early, wherever that is", async () => {
  const whole = await readFile(await pack.write())
  const file = join(home, "short.tar")
  // tar ends with empty blocks that no reader needs.
  const end = whole.length - trailingZeros(whole)
  for (const size of [0, 1, 511, 512, 1536, Math.floor(end / 2), end - 513]) {
    await writeFile(file, whole)
    await truncate(file, size)
    await refused(file, "KIT_PACK_DAMAGED")
  }
})

function trailingZeros(content: Buffer): number {
  let count = 0
  while (content[content.length - 1 - count] === 0) count++
  return count
}

test("a pack with one flipped bit in any of its files", async () => {
  const whole = await readFile(await pack.write())
  const file = join(home, "flipped.tar")
  const contents = await Promise.all(packFiles.map(async name => await readFile(pack.part(name))))
  await fc.assert(
    fc.asyncProperty(fc.nat(contents.length - 1), fc.nat(), fc.nat(7), async (which, at, bit) => {
      const content = contents[which] ?? Buffer.alloc(0)
      const flipped = Buffer.from(whole)
      const position = whole.indexOf(content) + (at % content.length)
      flipped[position] = (flipped[position] ?? 0) ^ (1 << bit)
      await writeFile(file, flipped)
      await refused(file, "KIT_PACK_DAMAGED")
    }),
    { numRuns: 40 },
  )
})

test("a pack that lacks a file, or has one too many", async () => {
  for (const missing of packFiles)
    await refused(await pack.write(packFiles.filter(name => name !== missing)), "KIT_PACK_DAMAGED")
  await pack.copyOf(contentPart, "more.tar.zst")
  expect(await refused(await pack.write([...packFiles, "more.tar.zst"]), "KIT_PACK_DAMAGED")).toContain(
    "the manifest does not name more.tar.zst",
  )
})

test("a part in the place of another one", async () => {
  await pack.copyOf(contentPart, zstdPart)
  expect(await refused(await pack.write(), "KIT_PACK_DAMAGED")).toMatch(/has \d+ bytes instead of \d+/)
})

test("a pack for another architecture", async () => {
  await pack.writeManifest({ architecture: "riscv64" })
  await refused(await pack.write(), "KIT_PACK_ARCHITECTURE")
})

test("a pack of another format", async () => {
  await pack.writeManifest({ format: 2 })
  await refused(await pack.write(), "KIT_PACK_FORMAT")
})

test("a pack of a clone with another kit, or with other packages", async () => {
  for (const change of [{ kit: "f".repeat(64) }, { lockfile: "f".repeat(64) }]) {
    await pack.writeManifest(change)
    await refused(await pack.write(), "KIT_PACK_OTHER_VERSION")
  }
})

test("a pack for which there is no room", async () => {
  await pack.writeManifest({ unpackedBytes: 1e15 })
  await refused(await pack.write(), "KIT_DISK_FULL")
})

test("a refused pack leaves the one that is in use alone", async () => {
  await unpack(await pack.write())
  const before = await readdir(cache)
  await pack.writeManifest({ kit: "f".repeat(64) })
  await refused(await pack.write(), "KIT_PACK_OTHER_VERSION", before)
})

test("while another run of the kit is at work, nothing is unpacked; after a crash of that run, it is", async () => {
  const lock = join(cache, "lock")
  await mkdir(lock, { recursive: true })
  const file = await pack.write()
  await refused(file, "KIT_BUSY", ["lock"])
  const longAgo = new Date(Date.now() - 60_000)
  await utimes(lock, longAgo, longAgo)
  expect((await unpack(file)).exitCode).toBe(0)
  expect(await readdir(cache)).not.toContain("lock")
})

test("what a killed run left half unpacked is removed by the next one", async () => {
  await mkdir(join(cache, "draft-unpack-killed"), { recursive: true })
  await unpack(await pack.write())
  expect((await readdir(cache)).filter(name => name.startsWith("draft-"))).toEqual([])
})

test("with a pack that no longer fits the clone nothing runs but what removes it", async () => {
  await unpack(await pack.write())
  const manifest = join(cache, "offline", "manifest.json")
  await writeFile(manifest, (await readFile(manifest, "utf8")).replace(/"kit":"\w+"/, '"kit":"other"'))
  const options = { env: { XDG_CACHE_HOME: home }, reject: false, all: true } as const
  const { exitCode, all } = await execa(process.execPath, [entry, "status"], options)
  expect([exitCode, all]).toEqual([1, expect.stringContaining("error KIT_PACK_OTHER_VERSION")])
})
