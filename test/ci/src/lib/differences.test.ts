import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { buildSummary, differingFiles } from "../../../../ci/src/lib/differences.ts"

const dir = mkdtempSync(join(tmpdir(), "lockstep-differences-"))

afterAll(() => rmSync(dir, { recursive: true }))

/** Lets the real diff compare two folders that the work fills. */
function differences(fill: (commit: string, disk: string) => void): string[] {
  const [commit, disk] = ["commit", "disk"].map(name => join(dir, name)) as [string, string]
  for (const folder of [commit, disk]) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(join(folder, "app"), { recursive: true })
  }
  fill(commit, disk)
  const compare = `diff -rq --no-dereference '${commit}' '${disk}' || [ $? = 1 ]`
  return differingFiles(execFileSync("sh", ["-c", compare], { encoding: "utf8" }).replaceAll(dir, ""))
}

describe("the files that differ from the commit's", () => {
  test("are none when all are the same", () => {
    expect(differences(() => undefined)).toEqual([])
  })

  test("are those that changed, went and came, in folders and at the top", () => {
    const found = differences((commit, disk) => {
      writeFileSync(join(commit, "app", "gone.ts"), "")
      writeFileSync(join(commit, "app", "other.ts"), "one")
      writeFileSync(join(disk, "app", "other.ts"), "two")
      writeFileSync(join(disk, "new.json"), "")
      mkdirSync(join(disk, "app", "folder"))
    })
    expect(found).toEqual(["app/folder", "app/gone.ts", "app/other.ts", "new.json"])
  })

  test("are named whole even when their names look like the tool's words", () => {
    const names = ["a and b", "c differ", "d is e", "f: g"]
    const found = differences((commit, disk) => {
      for (const name of names) writeFileSync(join(commit, name), "one")
      for (const name of names) writeFileSync(join(disk, name), "two")
      writeFileSync(join(disk, "app", "x: y"), "")
    })
    expect(found).toEqual(["a and b", "app/x: y", "c differ", "d is e", "f: g"])
  })

  test("are those that point elsewhere or became a link", () => {
    const found = differences((commit, disk) => {
      symlinkSync("one", join(commit, "link"))
      symlinkSync("two", join(disk, "link"))
      writeFileSync(join(commit, "file"), "")
      symlinkSync("nowhere", join(disk, "file"))
    })
    expect(found).toEqual(["file", "link"])
  })
})

describe("what build prints", () => {
  const images = [
    { name: "backend", digest: "sha256:1" },
    { name: "edge", digest: "sha256:2" },
  ]
  const built = { images, commit: "0123456789abcdef", changes: [], bases: [] }
  const digests = "backend   sha256:1\nedge      sha256:2"

  test("is one line an image for a clean tree", () => {
    expect(buildSummary(built)).toBe(digests)
  })

  test("says of a dirty tree which file is not the commit's, and how many more", () => {
    const two = buildSummary({ ...built, changes: ["a", "b", "c"] })
    expect(two).toBe(`${digests}\ndirty     not as in commit 0123456789ab: a and 2 more`)
  })

  test("names each base image that is not the lock's", () => {
    expect(buildSummary({ ...built, bases: ["x differs", "y differs"] })).toBe(
      `${digests}\nbase      x differs\nbase      y differs`,
    )
  })
})
