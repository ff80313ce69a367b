import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { markOf } from "../docs/marks.ts"
import { kebab, readModule } from "../docs/module.ts"
import { allPages, blocksOf } from "../docs/pages.ts"
import { Clone } from "./clone.ts"

let clone: Clone

beforeAll(async () => {
  clone = await Clone.create()
})

afterAll(() => clone.remove())

describe("commands that the documents mark with `run: here`", () => {
  const blocks = allPages()
    .flatMap(blocksOf)
    .filter(block => markOf(block).kind === "here")

  test("are found", () => {
    expect(blocks.length).toBeGreaterThan(1)
  })

  test.each(blocks)("do what they are for: $at", async ({ text }) => {
    const options = { cwd: clone.dir, all: true, reject: false } as const
    const { exitCode, all } = await execa("bash", ["-euo", "pipefail", "-c", text], options)
    expect(exitCode, all).toBe(0)
  })
})

test("the functions and flags by which the documents are checked are those that the engine knows", async () => {
  const { types } = await clone.schema()
  const known = (type: string) =>
    (types.find(({ name }) => name === type)?.fields ?? []).filter(({ name }) => name !== "id")
  const read = readModule()

  const functions = known("Lockstep").map(({ name, args }) => [kebab(name), flagsOf(args)])
  expect(Object.fromEntries(functions)).toEqual(
    Object.fromEntries([...read.functions].map(([name, flags]) => [name, [...flags.keys()].sort()])),
  )
  const made = known("Query").find(({ name }) => name === "lockstep")
  expect(flagsOf(made?.args ?? [])).toEqual([...read.constructorFlags.keys()].sort())
  for (const { name } of known("LockstepBuild")) expect(read.further).toContain(kebab(name))
})

function flagsOf(args: readonly { name: string }[]): string[] {
  return args.map(({ name }) => kebab(name)).sort()
}
