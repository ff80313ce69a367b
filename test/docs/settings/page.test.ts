import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { withTable } from "./page.ts"

const page = readFileSync("docs/deployment/environment-variables.md", "utf8")

test("the table of settings is what npm run settings-page makes of the schema", () => {
  expect(withTable(page)).toBe(page)
})

test("a default or a rule that somebody changed by hand is put right", () => {
  expect(withTable(page.replace("| `3000` |", "| `3001` |"))).toBe(page)
  expect(withTable(page.replace("| on or off |", "| on |"))).toBe(page)
})

test("a page without the place for the table is refused", () => {
  expect(() => withTable("# Variables\n")).toThrow(/lost the comments/)
})
