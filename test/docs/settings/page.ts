import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import {
  explanationOf,
  type SettingName,
  settingNames,
  settingsSchema,
} from "../../../app/backend/config/settings.ts"
import { formatError, KitError } from "../../../ci/engine/lib/errors.ts"
import { meanings } from "./meanings.ts"

const file = "docs/deployment/environment-variables.md"
const marked = /(<!-- settings -->\n)[\s\S]*?(<!-- \/settings -->)/

/** The page with the table of the application's settings as the schema has them now. */
export function withTable(page: string): string {
  if (!marked.test(page)) throw new Error(`${file} has lost the comments around its table`)
  return page.replace(marked, (_, begin: string, end: string) => `${begin}\n${table()}\n\n${end}`)
}

function table(): string {
  const head = ["name", "meaning", "allowed", "default", "where"]
  const rows = settingNames.map(name => [`\`${name}\``, ...cellsOf(name)])
  return [head, head.map(() => "---"), ...rows].map(cells => `| ${cells.join(" | ")} |`).join("\n")
}

const defaults: Record<string, unknown> = settingsSchema.parse({ APP_ENV: "development" })

function cellsOf(name: SettingName): string[] {
  const { meaning, where, otherwise } = meanings[name]
  const allowed = explanationOf(name).rule.replace(/^must be /, "")
  return [meaning, allowed, otherwise ?? defaultOf(name), where]
}

/** The default as a person would type it. */
function defaultOf(name: SettingName): string {
  const value = defaults[name]
  if (value === undefined) return "none"
  return `\`${typeof value === "boolean" ? (value ? "on" : "off") : value}\``
}

function main(check: boolean): void {
  const page = readFileSync(file, "utf8")
  const renewed = withTable(page)
  if (!check) writeFileSync(file, renewed)
  else if (page !== renewed) throw drifted()
}

function drifted(): KitError {
  return new KitError("CHECK_SETTINGS_PAGE", `${file} is not what the settings say`, {
    why: "a setting was changed in app/backend/config/settings.ts, or the table by hand",
    fix: "npm run settings-page",
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main(process.argv.includes("--check"))
  } catch (error) {
    console.error(formatError(error))
    process.exitCode = 1
  }
}
