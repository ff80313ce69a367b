import { existsSync, readlinkSync } from "node:fs"
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { isOwnLink, placeOwnLink, removeOwnLink } from "../../../../ci/engine/lib/own-link.ts"
import { cacheDir } from "../../../../ci/engine/lib/store.ts"

let dir: string
let link: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "own-link-"))
  link = join(dir, "bin", "program")
})

afterEach(() => rm(dir, { recursive: true, force: true }))

test("a link is made with its folder, replaced, and taken away", async () => {
  await placeOwnLink(link, join(cacheDir, "old", "program"))
  await placeOwnLink(link, join(cacheDir, "new", "program"))
  expect(readlinkSync(link)).toBe(join(cacheDir, "new", "program"))
  expect(isOwnLink(link)).toBe(true)
  await removeOwnLink(link)
  expect(isOwnLink(link)).toBe(false)
})

test("somebody else's file or link is never taken away", async () => {
  const file = join(dir, "file")
  await writeFile(file, "")
  const other = join(dir, "other")
  await symlink(file, other)
  for (const path of [file, other]) await removeOwnLink(path)
  expect([file, other].map(existsSync)).toEqual([true, true])
})
