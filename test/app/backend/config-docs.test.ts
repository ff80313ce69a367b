import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { loadConfig } from "../../../app/backend/config.ts"
import { settingNames, settingsSchema } from "../../../app/backend/config-schema.ts"

const example = readFileSync(".env.example", "utf8")
const table = readFileSync("docs/deployment/environment-variables.md", "utf8")
const defaults: Record<string, unknown> = settingsSchema.parse({ APP_ENV: "development" })

/** The default as a person would type it. */
const asText = (value: unknown) => (typeof value === "boolean" ? (value ? "on" : "off") : String(value ?? ""))

describe.each(settingNames)("%s", name => {
  test("is in .env.example with its default and a comment", () => {
    const [, comment, value] = new RegExp(`^# (.+)\\n# ${name}=(.*)$`, "m").exec(example) ?? []
    expect(comment).toMatch(/\w+/)
    expect(value).toBe(asText(defaults[name]))
  })

  test("is in the table of variables with its default", () => {
    const row = table.split("\n").find(line => line.startsWith(`| \`${name}\` |`))
    const shown = name in defaults && defaults[name] !== undefined ? `\`${asText(defaults[name])}\`` : "none"
    expect(row?.split("|")[3]).toContain(shown)
  })
})

test("the example, with every # removed, is a valid configuration", () => {
  const application = example.slice(example.indexOf("# Application"))
  const lines = [...application.matchAll(/^# ([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value])
  expect(loadConfig(Object.fromEntries(lines), () => "")).toMatchObject({ ok: true })
})
