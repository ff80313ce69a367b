import { rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { Clone } from "./clone.ts"
import { Layout } from "./layout.ts"

const label = "org.opencontainers.image.revision"
const untracked = "app/config/untracked.env"

let clone: Clone
let commit: string
let clean: Layout
let dirty: Layout

beforeAll(async () => {
  clone = await Clone.create()
  commit = (await execa("git", ["rev-parse", "HEAD"], { cwd: clone.dir })).stdout
  clean = await built("clean")
})

afterAll(() => clone.remove())

/** The image of the clone as it is on disk. */
async function built(name: string): Promise<Layout> {
  const out = join(clone.dir, "dist", name)
  const { exitCode, screen } = await clone.call("image", "layout", "export", "--path", out)
  expect(exitCode, screen).toBe(0)
  return new Layout(out)
}

describe("the commit in the image", () => {
  test("is that of a clean clone, in the label and for the application", async () => {
    const { config } = await clean.config()
    expect(config.Labels[label]).toBe(commit)
    expect(config.Env).toContain(`APP_COMMIT=${commit}`)
  })

  test("stays when only modes and times of the files are others", async () => {
    await execa("sh", ["-c", "chmod -R go-rwx app && find app -exec touch -d 2001-02-03 {} +"], {
      cwd: clone.dir,
    })
    expect((await clone.call("build")).stdout).toBe(`backend ${await clean.digest()}`)
  })

  test("is marked when there is a file that git does not know, and build names the file", async () => {
    await writeFile(join(clone.dir, untracked), "")
    const { stdout } = await clone.call("build")
    dirty = await built("dirty")
    await rm(join(clone.dir, untracked))
    expect(stdout).toBe(
      `backend ${await dirty.digest()}\ndirty   not as in commit ${commit.slice(0, 12)}: ${untracked}`,
    )
    const { config } = await dirty.config()
    expect(config.Labels[label]).toBe(`${commit}-dirty`)
    expect(config.Env).toContain(`APP_COMMIT=${commit}-dirty`)
  })
})
