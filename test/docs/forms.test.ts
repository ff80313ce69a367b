import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { parse as parseYaml } from "yaml"

describe("the records of decisions", () => {
  const folder = "docs/decisions"
  const names = readdirSync(folder).sort()

  test("are numbered without a gap", () => {
    expect(names.map(name => Number(name.slice(0, 4)))).toEqual(names.map((_, at) => at + 1))
  })

  test.each(names)("%s has its number in its title, then context, decision and consequences", name => {
    const headings = readFileSync(`${folder}/${name}`, "utf8").match(/^##? .+$/gm) ?? []
    expect(headings[0]).toMatch(new RegExp(`^# ${name.slice(0, 4)}: `))
    const parts = headings.slice(1).filter(heading => heading !== "## Alternatives")
    expect(parts).toEqual(["## Context", "## Decision", "## Consequences"])
  })
})

/** As far as GitHub shows no form otherwise. */
describe("the forms for issues", () => {
  const folder = ".github/ISSUE_TEMPLATE"
  const names = readdirSync(folder).filter(name => name !== "config.yml")
  const kinds = ["markdown", "textarea", "input", "dropdown", "checkboxes"]

  interface Form {
    name: string
    description: string
    body: { type: string; id?: string; attributes: { label?: string; value?: string } }[]
  }

  test.each(names)("%s has all that GitHub asks for", file => {
    const { name, description, body } = parseYaml(readFileSync(`${folder}/${file}`, "utf8")) as Form
    expect(name.length).toBeGreaterThan(2)
    expect(description.length).toBeGreaterThan(2)
    for (const { type, attributes } of body) {
      expect(kinds).toContain(type)
      expect(type === "markdown" ? attributes.value : attributes.label).toMatch(/\w/)
    }
    const ids = body.filter(({ type }) => type !== "markdown").map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)])
    expect(ids).not.toContain(undefined)
  })
})
