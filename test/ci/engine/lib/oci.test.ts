import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterEach, beforeEach, expect, test } from "vitest"
import { addImage } from "../../../../ci/engine/lib/oci.ts"
import { appendFolder, packFolder } from "../../../../ci/engine/lib/tar.ts"

let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "kit-oci-"))
})

afterEach(() => rm(dir, { recursive: true, force: true }))

async function layer(name: string, content: string, time: number): Promise<string> {
  const folder = join(dir, name)
  await mkdir(folder)
  await writeFile(join(folder, "file"), content)
  await utimes(join(folder, "file"), time, time)
  await packFolder(folder, `${folder}.tar`)
  return `${folder}.tar`
}

test("the same content made at another time has the same digest, other content another", async () => {
  const [one, two, other] = await Promise.all([
    layer("one", "same", 1),
    layer("two", "same", 2),
    layer("other", "else", 1),
  ])
  const digests = []
  for (const [index, tar] of [one, two, other].entries()) {
    digests.push(await addImage(join(dir, `layout-${index}`), "image", [tar ?? ""], { Cmd: ["node"] }))
  }
  expect(digests[0]).toBe(digests[1])
  expect(digests[2]).not.toBe(digests[0])
})

test("a layout holds several images, each of which names blobs that are there", async () => {
  const layout = join(dir, "layout")
  const shared = await layer("shared", "1", 1)
  const digests = [
    await addImage(layout, "a", [shared], {}),
    await addImage(layout, "b", [shared, await layer("b", "2", 1)], {}),
  ]
  const index = JSON.parse(await readFile(join(layout, "index.json"), "utf8"))
  expect(index.manifests.map((entry: { digest: string }) => entry.digest)).toEqual(digests)
  for (const digest of digests) {
    const manifest = JSON.parse(await readFile(join(layout, "blobs", "sha256", digest.slice(7)), "utf8"))
    for (const blob of [manifest.config, ...manifest.layers]) {
      const content = await readFile(join(layout, "blobs", "sha256", blob.digest.slice(7)))
      expect(content.length).toBe(blob.size)
    }
  }
})

test("files that are added to an archive name no folder twice, which Docker would refuse", async () => {
  const base = await layer("base", "1", 1)
  const more = join(dir, "more", "sub folder")
  await mkdir(more, { recursive: true })
  await writeFile(join(more, "added"), "2")
  await appendFolder(join(dir, "more"), base)
  const { stdout } = await execa("tar", ["-tf", base])
  expect(stdout.split("\n").sort()).toEqual(["./", "./file", "./sub folder/added"])
})
