import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { readTar } from "../../../../ci/engine/reproduce/tar-entries.ts"

const longName = `deep/${"n".repeat(150)}`
let dir: string

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "lockstep-tar-"))
  mkdirSync(join(dir, "files", "deep"), { recursive: true })
  writeFileSync(join(dir, "files", "plain"), "content")
  chmodSync(join(dir, "files", "plain"), 0o4750)
  writeFileSync(join(dir, "files", longName), "x".repeat(5000))
  symlinkSync("m".repeat(140), join(dir, "files", "link"))
})

afterAll(() => rmSync(dir, { recursive: true }))

/** What the real tar packs, in one of its formats. */
function packed(format: string) {
  const file = join(dir, `${format}.tar`)
  const options = ["--sort=name", "--mtime=@1234567890", "--owner=1000", "--group=3000000", "--numeric-owner"]
  execFileSync("tar", [`--format=${format}`, ...options, "-cf", file, "-C", join(dir, "files"), "."])
  return new Map(readTar(readFileSync(file)).map(entry => [entry.name, entry]))
}

describe.each(["pax", "gnu"])("an archive in tar's format %s", format => {
  test("gives names, long ones as well, in their order", () => {
    expect([...packed(format).keys()]).toEqual(["", "deep/", longName, "link", "plain"])
  })

  test("gives mode, owner, time and the content's hash", () => {
    expect(packed(format).get("plain")).toEqual({
      name: "plain",
      type: "0",
      mode: "4750",
      owner: "1000:3000000",
      time: "1234567890",
      link: "",
      content: createHash("sha256").update("content").digest("hex"),
    })
  })

  test("gives where a link points to, however long that is", () => {
    expect(packed(format).get("link")).toMatchObject({ type: "2", link: "m".repeat(140) })
  })
})

test("an archive that ends without a mark is read to its end", () => {
  expect(readTar(Buffer.alloc(0))).toEqual([])
})
