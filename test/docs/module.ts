import { readFileSync } from "node:fs"

/** The flags of a function, by their names on the command line; a switch takes no value. */
export type Flags = Map<string, "value" | "switch">

/** What can be typed after `dagger call`, as the sources of the module have it. */
export interface Module {
  constructorFlags: Flags
  functions: Map<string, Flags>
  /** What can follow a function: the functions of the objects that functions give, and Dagger's own. */
  further: Set<string>
}

// Of Dagger's own objects, what the documents use.
const ofDagger = ["export", "entries", "contents"]

/**
 * The module by its sources, so that no engine is needed. The arguments are those of the doc comments: that these name
 * all of them is tested in test/e2e/pipeline.test.ts, that nothing else is named in test/e2e/documents.test.ts.
 */
export function readModule(): Module {
  const index = readFileSync("ci/src/index.ts", "utf8")
  const switches = new Set([...index.matchAll(/^\s+(\w+): boolean\b/gm)].map(([, name]) => kebab(name)))
  const functions = new Map<string, Flags>()
  let constructorFlags: Flags = new Map()
  for (const [, comment = "", name = ""] of index.matchAll(documented)) {
    const flags = flagsIn(comment, switches)
    if (name === "constructor") constructorFlags = flags
    else functions.set(kebab(name), flags)
  }
  const objects = readFileSync("ci/src/build.ts", "utf8")
  const further = [...objects.matchAll(/@func\([^)]*\)\s+(?:async )?(\w+)/g)].map(([, name]) => kebab(name))
  return { constructorFlags, functions, further: new Set([...further, ...ofDagger]) }
}

/** A doc comment, with the name of the function or constructor below it. */
const documented =
  /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s+(?:@func\([^)]*\)\s+(?:@check\(\)\s+)?(?:async )?)?(\w+)\(/g

function flagsIn(comment: string, switches: Set<string>): Flags {
  const names = [...comment.matchAll(/@param (\w+)/g)].map(([, name]) => kebab(name))
  return new Map(names.map(name => [name, switches.has(name) ? "switch" : "value"]))
}

export function kebab(name = ""): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
