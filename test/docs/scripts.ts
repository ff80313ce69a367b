import { readFileSync } from "node:fs"

/** What `npm run` knows: the scripts, and for those that take words after `--` all words that they know. */
export interface Scripts {
  names: Set<string>
  words: Map<string, Set<string>>
}

export function readScripts(): Scripts {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: object }
  const kit = wordsOf(usageIn("ci/engine/main.ts"))
  const dev = wordsOf(usageIn("ci/engine/dev/main.ts"))
  const bench = wordsOf(usageIn("test/bench/main.ts") + tableOfBenches())
  return {
    names: new Set(Object.keys(scripts)),
    words: new Map([
      ["kit", kit],
      ["dev", dev],
      ["bench", bench],
      ["settings-page", new Set(["--check"])],
    ]),
  }
}

/** The text that the program prints about its own use. */
function usageIn(file: string): string {
  const [, usage] = /const usage = `([^`]+)`/.exec(readFileSync(file, "utf8")) ?? []
  if (usage === undefined) throw new Error(`${file} has no usage text any more`)
  return usage
}

/** The usage of `npm run bench` lists its names by a loop over this table. */
function tableOfBenches(): string {
  const [, table] = /const benches[^{]+\{([^}]+)\}/.exec(readFileSync("test/bench/main.ts", "utf8")) ?? []
  if (table === undefined) throw new Error("test/bench/main.ts has no table of benchmarks any more")
  return table
}

function wordsOf(text: string): Set<string> {
  return new Set(text.split(/[^\w-]+/))
}
