import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import {
  chmodSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
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
async function packed(format: string) {
  const file = join(dir, `${format}.tar`)
  const options = ["--sort=name", "--mtime=@1234567890", "--owner=1000", "--group=3000000", "--numeric-owner"]
  execFileSync("tar", [`--format=${format}`, ...options, "-cf", file, "-C", join(dir, "files"), "."])
  return new Map((await readTar(createReadStream(file))).map(entry => [entry.name, entry]))
}

describe.each(["pax", "gnu"])("an archive in tar's format %s", format => {
  test("gives names, long ones as well, in their order", async () => {
    expect([...(await packed(format)).keys()]).toEqual(["", "deep/", longName, "link", "plain"])
  })

  test("gives mode, owner, time and the content's hash", async () => {
    expect((await packed(format)).get("plain")).toEqual({
      name: "plain",
      type: "file",
      mode: "4750",
      owner: "1000:3000000",
      time: "2009-02-13T23:31:30.000Z",
      link: "",
      content: createHash("sha256").update("content").digest("hex"),
    })
  })

  test("gives where a link points to, however long that is", async () => {
    expect((await packed(format)).get("link")).toMatchObject({ type: "symlink", link: "m".repeat(140) })
  })
})

test("an archive that ends without a mark is read to its end", async () => {
  expect(await readTar(Readable.from([]))).toEqual([])
})
