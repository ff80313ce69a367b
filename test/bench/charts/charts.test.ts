import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { placeOf } from "../document.ts"
import { chartNames, draw, reference } from "./draw.ts"
import { width } from "./svg.ts"

const images = join(import.meta.dirname, "..", "..", "..", "docs", "images")

describe.each(chartNames)("the chart of %s", name => {
  test("is what is drawn from the table in the document now, and stands below it", async () => {
    const drawn = draw(name, await placeOf(`bench: ${name}`))
    const file = await readFile(join(images, `bench-${name}.svg`), "utf8").catch(() => undefined)
    expect(file, "npm run bench -- charts draws it anew").toBe(drawn)
    expect(await placeOf(`chart: ${name}`)).toBe(drawn ? reference(name) : "")
  })

  test("has no text that reaches out of the picture", async () => {
    const drawn = draw(name, await placeOf(`bench: ${name}`)) ?? ""
    for (const { x, anchor, content } of textsOf(drawn)) {
      // Wider than the average letter of the fonts that readers have.
      const length = content.length * 6.8
      const left = { start: x, middle: x - length / 2, end: x - length }[anchor] ?? Number.NaN
      expect(left, content).toBeGreaterThanOrEqual(0)
      expect(left + length, content).toBeLessThanOrEqual(width)
    }
  })
})

test("there is no picture of a benchmark without a table", async () => {
  const files = (await readdir(images)).filter(file => file.startsWith("bench-"))
  expect(chartNames).toEqual(
    expect.arrayContaining(files.map(file => file.slice("bench-".length, -".svg".length))),
  )
})

const calls = [
  "3 rounds",
  "",
  "| what | min s | median s | max s | ratio |",
  "|---|---|---|---|---|",
  "| `a` & <b> | 0.50 | 1.00 | 2.00 | 1.00 |",
  "| **c** | 1.00 | 2.00 | 4.00 | 2.00 |",
].join("\n")

test("a bar is as long as its value says, and has it beside it as the table does", () => {
  const drawn = draw("calls", calls) ?? ""
  const [first = 0, second = 0] = [...drawn.matchAll(/class="s1".* width="([\d.]+)" height="13"/g)].map(
    ([, w]) => Number(w),
  )
  expect(second).toBeCloseTo(first * 2)
  expect(textsOf(drawn).map(({ content }) => content)).toEqual(expect.arrayContaining(["1.00", "2.00"]))
})

test("names and caption are taken from the table, safe for SVG and without Markdown", () => {
  const contents = textsOf(draw("calls", calls) ?? "").map(({ content }) => content)
  expect(contents).toEqual(expect.arrayContaining(["3 rounds", "a &amp; &lt;b&gt;", "c"]))
})

test("a column that the table has no more is an error that names those it has", () => {
  expect(() => draw("calls", calls.replace("median s", "mean s"))).toThrow(
    'no column "median s", but: what, min s, mean s, max s, ratio',
  )
})

test("where nothing was measured yet there is no chart", () => {
  expect(draw("calls", "Not measured yet.")).toBeUndefined()
})

test("the growth of a deploy is drawn as points by number of nodes, with the line that fits them", () => {
  const row = (nodes: number, replicas: number) =>
    `| ${nodes} | ${replicas} | ${3 + 2 * replicas}.0 | 99.0 | ${replicas}.0 | ${10 * replicas} |`
  const drawn = draw(
    "deploy-growth",
    [
      "small images",
      "| nodes | replicas | all replicas new, s | whole, s | manager's dockerd, processor s | raft log, entries |",
      "|---:|---:|---:|---:|---:|---:|",
      ...[row(1, 2), row(1, 4), row(2, 2), row(2, 8)],
    ].join("\n"),
  )
  expect(drawn?.match(/<circle class="s1"/g)).toHaveLength(6)
  expect(drawn?.match(/<circle class="s2"/g)).toHaveLength(6)
  expect(drawn).toContain("3.0 + 2.00 · replicas (R² 1.000)")
  expect(drawn).toContain(">1 node<")
  expect(drawn).toContain(">2 nodes<")
})

function textsOf(svg: string): { x: number; anchor: string; content: string }[] {
  return [...svg.matchAll(/<text x="([-\d.]+)"[^>]*?(?:text-anchor="(\w+)")?>(.*?)<\/text>/g)].map(
    ([, x, anchor = "start", content = ""]) => ({ x: Number(x), anchor, content }),
  )
}
