import fc from "fast-check"
import { expect, it } from "vitest"
import { fallbackTag, type Index, merged } from "../../../ci/evidence/referrers.ts"

const entry = (id: string) => ({ mediaType: "m", digest: `sha256:${id}`, size: 1 })
const list = (...ids: string[]): Index => ({
  ...{ schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: ids.map(entry) },
})

it("names the tag by the digest", () => {
  expect(fallbackTag(`sha256:${"a".repeat(64)}`)).toBe(`sha256-${"a".repeat(64)}`)
})

it("begins a list where there is none", () => {
  expect(merged(undefined, [entry("a")])).toEqual(list("a"))
})

it("changes nothing when all is there", () => {
  expect(merged(list("a", "b"), [entry("b")])).toBeUndefined()
  expect(merged(undefined, [])).toBeUndefined()
})

it("keeps every entry, its order and what else others wrote, and has each new one once", () => {
  const ids = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"))
  fc.assert(
    fc.property(ids, ids, (before, added) => {
      const theirs = { ...list(...before), annotations: { by: "others" } }
      const after = merged(theirs, added.map(entry)) ?? theirs
      expect(after).toMatchObject({ annotations: { by: "others" } })
      expect(after.manifests.slice(0, before.length)).toEqual(before.map(entry))
      const all = after.manifests.map(({ digest }) => digest)
      expect(all).toHaveLength(new Set([...before, ...added]).size)
      expect(new Set(all).size).toBe(all.length)
    }),
  )
})
