import { describe, expect, test } from "vitest"
import { builtFrom, imageReference, mismatch } from "../../../../ci/src/lib/verification.ts"

const digest = `sha256:${"0a".repeat(32)}`
const commit = "0123456789abcdef0123456789abcdef01234567"

function image(revision?: string, layers: string[] = [], others: Record<string, string> = {}) {
  const named = { "org.opencontainers.image.title": "backend", ...others }
  const Labels = revision === undefined ? null : { ...named, "org.opencontainers.image.revision": revision }
  return { config: { Labels }, rootfs: { diff_ids: layers } }
}

describe("the name of an image to verify", () => {
  const refused = (ref: string) =>
    expect(() => imageReference(ref, "localhost:5000"), ref).toThrow(/^error BUILD_IMAGE_REFERENCE/)

  test("is taken apart, with a tag or without", () => {
    const expected = { repository: "lockstep/backend", digest }
    expect(imageReference(`localhost:5000/lockstep/backend@${digest}`, "localhost:5000")).toEqual(expected)
    expect(imageReference(`localhost:5000/lockstep/backend:1@${digest}`, "localhost:5000")).toEqual(expected)
  })

  test("is refused without a whole digest", () => {
    for (const end of ["", ":latest", "@sha256:12"]) refused(`localhost:5000/lockstep/backend${end}`)
  })

  test("is refused in a registry other than the one that is asked", () => {
    for (const start of ["", "example.com/"]) refused(`${start}lockstep/backend@${digest}`)
  })
})

describe("what an image was built from", () => {
  test("is read from its labels", () => {
    expect(builtFrom(image(commit))).toEqual({ name: "backend", commit, runtime: "slim" })
    const labels = { "org.opencontainers.image.title": "frontend", "io.lockstep.backend-runtime": "minimal" }
    expect(builtFrom(image(commit, [], labels))).toEqual({ name: "frontend", commit, runtime: "minimal" })
  })

  test("is of no use when the files were not the commit's", () => {
    expect(() => builtFrom(image(`${commit}-dirty`))).toThrow(/^error BUILD_DIRTY: .*0123/)
  })

  test("is missed when the label is not there or names something else", () => {
    for (const revision of [undefined, "", "main"])
      expect(() => builtFrom(image(revision))).toThrow(/^error BUILD_NO_COMMIT/)
    expect(() => builtFrom({ rootfs: { diff_ids: [] } })).toThrow(/^error BUILD_NO_COMMIT/)
    const unknown = image(commit, [], { "org.opencontainers.image.title": "other" })
    expect(() => builtFrom(unknown)).toThrow(/^error BUILD_NO_COMMIT: .*\n.*title is "other"/)
  })
})

describe("the comparison", () => {
  const expected = { digest, image: image(commit, ["a", "b"]) }
  const other = (layers: string[]) =>
    mismatch(expected, { digest: "sha256:1", image: image(commit, layers) }, commit)

  test("has nothing to say about equal digests", () => {
    expect(mismatch(expected, expected, commit)).toBeUndefined()
  })

  test("names the first layer that differs", () => {
    expect(other(["a", "c"])).toMatch(/^error BUILD_NOT_REPRODUCED: .*\n {2}why: layer 2 of 2 /)
    expect(other(["a"])).toContain("it has 2 layers, the rebuilt image 1")
    expect(other(["a", "b"])).toContain("the layers are the same")
  })
})
