import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { secretNames, settingNames, settingsSchema } from "../../../../app/backend/config/settings.ts"
import { loadConfig } from "../../../../app/backend/config.ts"

const example = readFileSync(".env.example", "utf8")
const table = readFileSync("docs/deployment/environment-variables.md", "utf8")
const defaults: Record<string, unknown> = settingsSchema.parse({ APP_ENV: "development" })

/** The default as a person would type it. */
const asText = (value: unknown): string =>
  typeof value === "boolean" ? (value ? "on" : "off") : String(value ?? "")

describe.each(settingNames)("%s", name => {
  test("is in .env.example with its default and a comment", () => {
    const [, comment, value] = new RegExp(`^# (.+)\\n# ${name}=(.*)$`, "m").exec(example) ?? []
    expect(comment).toMatch(/\w+/)
    expect(value).toBe(asText(defaults[name]))
  })

  test("is in the table of variables with its default", () => {
    const row = table.split("\n").find(line => line.startsWith(`| \`${name}\` |`))
    const shown = name in defaults && defaults[name] !== undefined ? `\`${asText(defaults[name])}\`` : "none"
    expect(row?.split("|")[4]).toContain(shown)
  })
})

test("nothing is documented that is no setting", () => {
  const application = example.slice(example.indexOf("# Application"))
  const inExample = [...application.matchAll(/^# ([A-Z_]+)=/gm)].map(match => match[1])
  const inTable = [...table.matchAll(/^\| `([A-Z_]+)` \| .+ \| .+ \| .+ \| .+ \|$/gm)].map(match => match[1])
  expect(inExample).toEqual(settingNames)
  expect(inTable).toEqual(settingNames)
})

test.each(["development", "staging", "production"])("what %s.env sets is in the table as such", name => {
  const file = readFileSync(`app/config/${name}.env`, "utf8")
  const set = [...file.matchAll(/^([A-Z_]+)=/gm)].map(match => match[1])
  expect(set.length).toBeGreaterThan(0)
  for (const variable of set) {
    const row = table.split("\n").find(line => line.startsWith(`| \`${variable}\` |`))
    expect(row?.split("|")[5], variable).toContain("settings file")
  }
})

test.each(secretNames)("%s is called a secret wherever it is explained", name => {
  expect(table).toMatch(new RegExp(`^\\| \`${name}\` \\| secret`, "m"))
  expect(example).toMatch(new RegExp(`^# Secret\\. .+\\n# ${name}=$`, "m"))
})

test("the example, with every # removed, is a valid configuration", () => {
  const application = example.slice(example.indexOf("# Application"))
  const lines = [...application.matchAll(/^# ([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value])
  expect(loadConfig(Object.fromEntries(lines), () => "")).toMatchObject({ ok: true })
})
