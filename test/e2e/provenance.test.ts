import { rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Call, Clone } from "./clone.ts"
import { Layout } from "./layout.ts"

const label = "org.opencontainers.image.revision"
const repository = "lockstep/provenance"
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
  const { exitCode, screen } = await clone.call("images", "backend", "layout", "export", "--path", out)
  expect(exitCode, screen).toBe(0)
  return new Layout(out)
}

/** Calls verify-image for the image after putting it into the registry. */
async function verified(image: Layout): Promise<Call> {
  await image.push(`http://localhost:5000/v2/${repository}`)
  return await clone.call("verify-image", "--ref", `localhost:5000/${repository}@${await image.digest()}`)
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
    expect((await clone.call("build")).stdout).toContain(`backend   ${await clean.digest()}\n`)
  })

  test("is marked when there is a file that git does not know, and build names the file", async () => {
    await writeFile(join(clone.dir, untracked), "")
    const { stdout } = await clone.call("build")
    dirty = await built("dirty")
    await rm(join(clone.dir, untracked))
    expect(stdout).toContain(`backend   ${await dirty.digest()}\n`)
    expect(stdout).toContain(`\ndirty     not as in commit ${commit.slice(0, 12)}: ${untracked}`)
    const { config } = await dirty.config()
    expect(config.Labels[label]).toBe(`${commit}-dirty`)
    expect(config.Env).toContain(`APP_COMMIT=${commit}-dirty`)
  })
})

describe("verify-image", () => {
  test("says that a clean image is what its commit gives", async () => {
    const { exitCode, stdout, screen } = await verified(clean)
    expect(exitCode, screen).toBe(0)
    expect(stdout).toBe(`reproduced ${await clean.digest()}\n  from commit ${commit}`)
  })

  test("refuses a dirty image", async () => {
    const { exitCode, screen } = await verified(dirty)
    expect(exitCode).not.toBe(0)
    expect(screen).toContain("error BUILD_DIRTY")
  })

  test("finds out an image that its commit does not give", async () => {
    await clean.change(({ config }) => config.Env.push("BACKDOOR=open"))
    const { exitCode, screen } = await verified(clean)
    expect(exitCode).not.toBe(0)
    expect(screen).toMatch(/error BUILD_NOT_REPRODUCED: commit .*\n +why: the layers are the same/)
  })

  test("says when the clone does not have the commit", async () => {
    await clean.change(({ config }) => {
      config.Labels[label] = "f".repeat(40)
    })
    const { exitCode, screen } = await verified(clean)
    expect(exitCode).not.toBe(0)
    expect(screen).toContain("error BUILD_COMMIT_UNKNOWN")
  })

  test("says when the registry does not have the image", async () => {
    const ref = `localhost:5000/${repository}@sha256:${"0".repeat(64)}`
    const { exitCode, screen } = await clone.call("verify-image", "--ref", ref)
    expect(exitCode).not.toBe(0)
    expect(screen).toContain("error BUILD_IMAGE_UNREADABLE")
  })
})
