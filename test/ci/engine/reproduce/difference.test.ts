import { describe, expect, test } from "vitest"
import {
  differingEntry,
  differingValue,
  firstDifference,
} from "../../../../ci/engine/reproduce/difference.ts"
import { type BuiltImage, comparison } from "../../../../ci/engine/reproduce/image.ts"
import type { TarEntry } from "../../../../ci/engine/reproduce/tar-entries.ts"

function entry(name: string, other: Partial<TarEntry> = {}): TarEntry {
  return { name, type: "0", mode: "0644", owner: "0:0", time: "0", link: "", content: "aa", ...other }
}

function image(other: Partial<BuiltImage> = {}): BuiltImage {
  return {
    name: "backend",
    manifest: `sha256:${"1".repeat(64)}`,
    config: `sha256:${"2".repeat(64)}`,
    configuration: {
      config: { Labels: { "org.opencontainers.image.revision": "c".repeat(40) } },
      rootfs: { diff_ids: [] },
    },
    layers: [{ id: `sha256:${"3".repeat(64)}`, file: "", compressed: true }],
    ...other,
  }
}

describe("the first file that differs", () => {
  test("is named with all in which it differs, and the others are counted", () => {
    const one = [entry("app/"), entry("app/a"), entry("app/b"), entry("app/c")]
    const two = [
      entry("app/"),
      entry("app/a", { mode: "0755", time: "9" }),
      entry("app/b", { content: "bb" }),
    ]
    expect(differingEntry(one, two)).toBe(
      "/app/a differs in mode (0644 and 0755), time (0 and 9); 2 more files differ",
    )
  })

  test("may be one that only one of them has", () => {
    expect(differingEntry([entry("a")], [entry("a"), entry("b")])).toBe("/b is there on engine 2 only")
  })

  test("is none when only the order is another", () => {
    expect(differingEntry([entry("a"), entry("b")], [entry("b"), entry("a")])).toBe(
      "the same files, in another order",
    )
  })
})

test("the first value of two configurations that differs is named by its path", () => {
  expect(differingValue({ a: 1, b: { c: ["x", "y"] } }, { a: 1, b: { c: ["x", "z"] } })).toBe(
    'b.c.1 is "y" and "z"',
  )
  expect(differingValue({ a: 1 }, {})).toBe("a is 1 and undefined")
  expect(differingValue({ a: null }, { a: null })).toBeUndefined()
})

describe("two images", () => {
  test("differ in nothing when their manifests are the same", async () => {
    expect(await firstDifference(image(), image())).toBeUndefined()
  })

  test("with the same layers differ in the configuration, or in how they were compressed", async () => {
    const other = image({ manifest: "sha256:9" })
    expect(await firstDifference(image(), other)).toContain("compressed differently")
    other.configuration.config = { Labels: {} }
    expect(await firstDifference(image(), other)).toMatch(
      /^configuration: config\.Labels\.org\.opencontainers\.image\.revision is /,
    )
  })

  test("with another number of layers are not compared further", async () => {
    const other = image({ manifest: "sha256:9", layers: [] })
    expect(await firstDifference(image(), other)).toBe("engine 1 made 1 layers, engine 2 0")
  })

  test("are shown side by side, with a word where they differ", () => {
    const rows = comparison(image(), image({ manifest: `sha256:${"9".repeat(64)}` })).split("\n")
    expect(rows.map(row => row.trim().split(/\s+/))).toEqual([
      ["backend", "engine", "1", "engine", "2"],
      ["commit", "cccccccccccc", "cccccccccccc", "equal"],
      ["diff_id", "1", "sha256:333333333333", "sha256:333333333333", "equal"],
      ["config", "sha256:222222222222", "sha256:222222222222", "equal"],
      ["manifest", "sha256:111111111111", "sha256:999999999999", "DIFFERENT"],
    ])
  })
})
