import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { chartNames, draw, fileOf, reference } from "./charts/draw.ts"

const folder = join(import.meta.dirname, "..", "..", "docs")
const file = join(folder, "benchmarks.md")

/** Puts the table into docs/benchmarks.md, between the comments that name the benchmark, and draws its chart. */
export async function replaceTable(name: string, table: string): Promise<void> {
  await replacePlace(`bench: ${name}`, table)
  if (chartNames.includes(name)) await drawChart(name)
}

/** Draws the chart of the table that is in docs/benchmarks.md. Where nothing was measured yet there is none. */
export async function drawChart(name: string): Promise<void> {
  const chart = draw(name, await placeOf(`bench: ${name}`))
  await replacePlace(`chart: ${name}`, chart ? reference(name) : "")
  if (chart) await writeFile(join(folder, fileOf(name)), chart)
}

/** What docs/benchmarks.md has in a place: the table `bench: NAME`, or the chart `chart: NAME`. */
export async function placeOf(name: string): Promise<string> {
  return find(await readFile(file, "utf8"), name).content
}

async function replacePlace(name: string, content: string): Promise<void> {
  const text = await readFile(file, "utf8")
  const place = find(text, name)
  const lines = content.trim() === "" ? "\n" : `\n${content.trim()}\n\n`
  await writeFile(file, `${text.slice(0, place.start)}${lines}${text.slice(place.end)}`)
}

/** @throws Error when the document has no place for it */
function find(text: string, name: string): { start: number; end: number; content: string } {
  const begin = `<!-- ${name} -->\n`
  const start = text.indexOf(begin) + begin.length
  const end = text.indexOf("<!-- end -->", start)
  if (!text.includes(begin) || end === -1) throw new Error(`docs/benchmarks.md has no place for ${name}`)
  return { start, end, content: text.slice(start, end).trim() }
}
