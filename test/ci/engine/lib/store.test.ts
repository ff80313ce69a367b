import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test, vi } from "vitest"

let home: string
let store: typeof import("../../../../ci/engine/lib/store.ts")

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "kit-store-"))
  vi.stubEnv("XDG_CACHE_HOME", home)
  vi.resetModules()
  store = await import("../../../../ci/engine/lib/store.ts")
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(home, { recursive: true, force: true })
})

function artifact(key: string, make: (dir: string) => Promise<void>) {
  return { name: "thing", key: key.padEnd(16, "0"), make }
}

test("an artifact is made once and kept", async () => {
  const make = vi.fn(async (dir: string) => await writeFile(join(dir, "file"), "content"))
  const first = await store.ensure(artifact("a", make))
  const second = await store.ensure(artifact("a", make))
  expect([first.made, second.made, make.mock.calls.length]).toEqual([true, false, 1])
  expect(await readdir(second.dir)).toEqual(["file"])
})

test("nothing is left of an artifact whose making failed", async () => {
  const failing = artifact("a", async dir => {
    await writeFile(join(dir, "half"), "made")
    throw new Error("no disk")
  })
  await expect(store.ensure(failing)).rejects.toThrow("no disk")
  expect(await readdir(store.cacheDir)).toEqual([])
})

test("what a killed run left half-made is no artifact, and the next run removes it", async () => {
  const url = new URL("../../../../ci/engine/lib/store.ts", import.meta.url).href
  const code = `const s = await import(${JSON.stringify(url)}); await s.ensure({ name: "thing", key: "a".repeat(16), make: () => new Promise(r => setTimeout(r, 60_000)) })`
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
    env: process.env,
  })
  await vi.waitFor(async () => expect(await readdir(store.cacheDir)).toHaveLength(1), {
    timeout: 15_000,
    interval: 50,
  })
  child.kill("SIGKILL")
  await new Promise(resolve => child.once("exit", resolve))
  expect(existsSync(store.artifactPath({ name: "thing", key: "a".repeat(16) }))).toBe(false)
  await store.removeDrafts()
  expect(await readdir(store.cacheDir)).toEqual([])
}, 30_000)

test("of older versions only the newest stays", async () => {
  for (const [index, key] of ["a", "b", "c"].entries()) {
    const { dir } = await store.ensure(artifact(key, async () => {}))
    await utimes(dir, index + 1, index + 1)
  }
  await store.ensure(artifact("d", async () => {}))
  expect(await readdir(store.cacheDir)).toEqual([
    `thing-${"c".padEnd(16, "0")}`,
    `thing-${"d".padEnd(16, "0")}`,
  ])
})

test("a file's content and name decide the key, its time and its folder's neighbours don't", async () => {
  const folder = join(home, "source")
  await mkdir(join(folder, "sub"), { recursive: true })
  await writeFile(join(folder, "sub", "a"), "1")
  const before = await store.keyOfFiles(folder)
  await utimes(join(folder, "sub", "a"), 5, 5)
  expect(await store.keyOfFiles(folder)).toBe(before)
  await writeFile(join(folder, "sub", "a"), "2")
  const edited = await store.keyOfFiles(folder)
  await writeFile(join(folder, "sub", "b"), "2")
  expect(new Set([before, edited, await store.keyOfFiles(folder)]).size).toBe(3)
})
