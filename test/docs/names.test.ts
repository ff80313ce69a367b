import { describe, expect, test } from "vitest"
import { readModule } from "./module.ts"
import { allFlags, faultOf, faultOfFlag, mentionsIn } from "./names.ts"
import { allPages, parse } from "./pages.ts"
import { readScripts } from "./scripts.ts"

const module = readModule()
const scripts = readScripts()
const mentions = allPages().flatMap(mentionsIn)

/** Flags of Docker, cosign, Node and the Dagger command line that the documents explain. */
const ofOthers = ["--no-cache", "--privileged", "--secret", "--type", "--json", "--progress", "--env-file"]

test("every function, flag, script and verb that a document names exists", () => {
  const faults = mentions.map(mention => [mention.at, faultOf(mention, module, scripts)])
  expect(faults.filter(([, fault]) => fault)).toEqual([])
})

test("every flag that stands alone is one of a function, a script or a program that is named here", () => {
  const known = new Set([...allFlags(module, scripts), ...ofOthers])
  const faults = mentions.map(mention => [mention.at, faultOfFlag(mention, known)])
  expect(faults.filter(([, fault]) => fault)).toEqual([])
})

test("every function of the module is explained somewhere", () => {
  const named = new Set(mentions.map(({ words }) => (words[1] === "call" ? words[2] : words[0])))
  const parts = ["type-check", "lint", "unit-test"] // what `dagger call test` and `dagger check` run
  expect([...module.functions.keys()].filter(name => !named.has(name) && !parts.includes(name))).toEqual([])
})

describe("a mention is found wrong when it names", () => {
  test.each([
    ["a function that is not there", "dagger call fly --env staging", "there is no function fly"],
    ["a flag that the function lacks", "dagger call stop --confirm=show", "stop has no --confirm"],
    ["a flag of the function before it", "dagger call --env=prod stop", "the constructor has no --env"],
    ["a function that a build lacks", "dagger call images fly", "there is no function fly"],
    ["a verb that dagger lacks", "dagger fly", "dagger has no fly here"],
    ["a script that is not there", "npm run fly", "there is no script fly"],
    ["a verb that the kit lacks", "npm run kit -- fly", "npm run kit knows no fly"],
    ["a flag that the kit lacks", "npm run kit -- pack --fly=1", "npm run kit knows no --fly=1"],
    ["a benchmark that is not there", "npm run bench -- fly", "npm run bench knows no fly"],
  ])("%s", (_, text, fault) => {
    const [mention] = mentionsIn(parse("page.md", `\`${text}\``))
    expect(mention && faultOf(mention, module, scripts)).toBe(fault)
  })

  test("a flag alone that nobody has", () => {
    const [mention] = mentionsIn(parse("page.md", "`--fly N`"))
    expect(mention && faultOfFlag(mention, allFlags(module, scripts))).toMatch(/has --fly$/)
  })
})

describe("a mention is right", () => {
  test.each([
    "dagger call --project=shop status --env staging",
    "dagger --progress=plain call logs --env staging --follow",
    "dagger call deploy --allow-unscanned --env staging",
    "dagger call NAME --help",
    "dagger call images layouts export --path=DIR",
    "dagger check",
    "npm run dev -- restart [backend|frontend]",
    "npm run kit -- unpack FILE",
    "npm run bench -- deploy-time --write",
  ])("%s", text => {
    const [mention] = mentionsIn(parse("page.md", `\`${text}\``))
    expect(mention?.words.length).toBeGreaterThan(1)
    expect(mention && faultOf(mention, module, scripts)).toBeUndefined()
  })
})
