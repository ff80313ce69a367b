import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { parse as parseYaml } from "yaml"
import { readModule } from "./module.ts"
import { allPages, blocksOf } from "./pages.ts"

const module = readModule()
const example = readFileSync(".env.example", "utf8")
const pipeline = namesIn(example.slice(0, example.indexOf("# Development environment")))
const table = readFileSync("docs/deployment/README.md", "utf8")
const blocks = allPages().flatMap(blocksOf)

/** Dagger's name for the default of a constructor's argument: without dashes, in capitals. */
const ofConstructor = new Map(
  [...module.constructorFlags.keys()]
    .filter(flag => flag !== "source")
    .map(flag => [flag.replaceAll("-", "").toUpperCase(), flag]),
)
const ofFunctions = new Set(
  [...module.functions].flatMap(([name, flags]) =>
    [...flags.keys()].map(flag => `${name}_${flag}`.replaceAll("-", "").toUpperCase()),
  ),
)

function namesIn(text: string): string[] {
  return [...text.matchAll(/^#? ?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name ?? "")
}

test("every setting of the pipeline in .env.example is an argument of the module", () => {
  expect(pipeline.length).toBeGreaterThan(10)
  expect(pipeline.filter(name => !ofConstructor.has(name) && !ofFunctions.has(name))).toEqual([])
})

test("every argument of the constructor is in .env.example, and with its flag in the table of settings", () => {
  expect([...ofConstructor.keys()].filter(name => !pipeline.includes(name))).toEqual([])
  const rows = table.split("\n").filter(line => line.startsWith("| `"))
  const missing = [...ofConstructor].filter(
    ([name, flag]) => !rows.some(row => row.includes(`\`${name}\``) && row.includes(`\`--${flag}\``)),
  )
  expect(missing).toEqual([])
})

test("every setting in a block of settings is in .env.example or an argument of a function", () => {
  const settings = blocks.filter(({ language }) => language === "ini")
  const known = new Set([...namesIn(example), ...ofFunctions])
  const unknown = settings.flatMap(({ at, text }) =>
    namesIn(text)
      .filter(name => !known.has(name))
      .map(name => `${at}: ${name}`),
  )
  expect(settings.length).toBeGreaterThan(0)
  expect(unknown).toEqual([])
})

test.each<[string, (text: string) => unknown]>([
  ["json", JSON.parse],
  ["yaml", text => parseYaml(text)],
])("every block of %s can be read as such", (language, read) => {
  const found = blocks.filter(block => block.language === language)
  expect(found.length).toBeGreaterThan(0)
  for (const { at, text } of found) expect(() => read(text), at).not.toThrow()
})
