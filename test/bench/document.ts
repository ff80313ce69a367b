import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"

const file = join(import.meta.dirname, "..", "..", "docs", "benchmarks.md")

/**
 * Puts the table into docs/benchmarks.md, between the comments that name the benchmark.
 *
 * @throws Error when the document has no place for it
 */
export async function replaceTable(name: string, table: string): Promise<void> {
  const text = await readFile(file, "utf8")
  const place = new RegExp(`(<!-- bench: ${name} -->\n)[\\s\\S]*?(<!-- end -->)`)
  if (!place.test(text)) throw new Error(`docs/benchmarks.md has no place for ${name}`)
  await writeFile(
    file,
    text.replace(place, (_, begin, end) => `${begin}\n${table.trim()}\n\n${end}`),
  )
}
