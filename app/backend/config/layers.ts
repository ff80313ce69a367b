import { parseEnv } from "node:util"
import type { Problem } from "./problem.ts"
import type { SettingName } from "./settings.ts"

export type EnvRecord = Readonly<Record<string, string | undefined>>

/** Reads a file as UTF-8 text; throws when it cannot. */
export type ReadText = (path: string) => string

/** What one source of settings says. */
export interface Layer {
  readonly values: Partial<Record<SettingName, string>>
  readonly problems: readonly Problem[]
}

/**
 * Takes the named settings out of a record. `NAME_FILE` stands for the text of that file without its last
 * newline, as Docker mounts secrets. Empty values count as not set.
 */
export function resolveLayer(record: EnvRecord, names: readonly SettingName[], readText: ReadText): Layer {
  const values: Partial<Record<SettingName, string>> = {}
  const problems: Problem[] = []
  for (const name of names) {
    const found = resolveSetting(name, record, readText)
    if (typeof found === "string") values[name] = found
    else if (found) problems.push(found)
  }
  return { values, problems }
}

function resolveSetting(
  name: SettingName,
  record: EnvRecord,
  readText: ReadText,
): string | Problem | undefined {
  const direct = record[name] || undefined
  const path = record[`${name}_FILE`]
  if (!path) return direct
  if (direct !== undefined) {
    return { variable: name, rule: `must not be set together with ${name}_FILE`, hint: "keep one of the two" }
  }
  try {
    return readText(path).replace(/\r?\n$/, "") || undefined
  } catch {
    return {
      variable: `${name}_FILE`,
      rule: "must name a file that this process can read",
      hint: "check the path, and that the secret is mounted for the user of this process",
    }
  }
}

/** What a settings file may hold: these names, and of the secret ones only the form `NAME_FILE`. */
export interface FileRules {
  readonly names: readonly SettingName[]
  readonly secretNames: readonly SettingName[]
}

/**
 * Reads `<CONFIG_DIR>/<APP_ENV>.env`. A missing file is a problem only when CONFIG_DIR was given: without it,
 * the program also runs from a folder that has no app/config.
 *
 * @param environment must already be one of the known names, as it becomes a part of the path
 */
export function readSettingsFile(
  environment: string,
  givenFolder: string | undefined,
  rules: FileRules,
  readText: ReadText,
): Layer {
  const folder = givenFolder ?? "app/config"
  let text: string
  try {
    text = readText(`${folder}/${environment}.env`)
  } catch {
    if (givenFolder === undefined) return { values: {}, problems: [] }
    const rule = `must be a folder that holds ${environment}.env`
    return { values: {}, problems: [{ variable: "CONFIG_DIR", rule, hint: "leave it out for app/config" }] }
  }
  const record = parseEnv(text)
  const layer = resolveLayer(record, rules.names, readText)
  return { values: layer.values, problems: [...layer.problems, ...strangers(record, rules, environment)] }
}

// The environment of a process holds many strangers; in our own file, an unknown name is a misspelt one.
function strangers(record: EnvRecord, { names, secretNames }: FileRules, environment: string): Problem[] {
  const secrets = new Set<string>(secretNames)
  const known = new Set<string>(names.flatMap(name => [name, `${name}_FILE`]))
  const rule = `must not be in ${environment}.env`
  return Object.keys(record).flatMap(variable => {
    if (secrets.has(variable) && record[variable])
      return [{ variable, rule, hint: `settings files are public: use ${variable}_FILE` }]
    if (known.has(variable)) return []
    return [{ variable, rule, hint: "it is misspelt, or can only be set in the environment of the process" }]
  })
}
