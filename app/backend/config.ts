import { type EnvRecord, type ReadText, readSettingsFile, resolveLayer } from "./config-layers.ts"
import {
  explanations,
  isEnvironment,
  type Problem,
  type SettingName,
  type Settings,
  settingNames,
  settingsSchema,
} from "./config-schema.ts"

/** The name that logs and health answers give this program. */
export const serviceName = "lockstep-backend"

/** The checked settings. Times are milliseconds; null means that nobody said. */
export interface Config {
  readonly nodeEnv: Settings["NODE_ENV"]
  readonly environment: Settings["APP_ENV"]
  readonly host: string
  readonly port: number
  readonly logLevel: Settings["LOG_LEVEL"]
  readonly release: Release
  readonly keepAliveTimeoutMs: number
  readonly shutdown: { readonly drainMs: number; readonly timeoutMs: number }
  readonly healthCheckTimeoutMs: number
  readonly diagnostics: boolean
}

/** What runs: the digest of the image's manifest, the commit of its sources, its version. */
interface Release {
  readonly digest: string | null
  readonly commit: string | null
  readonly version: string | null
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] }

// The environment must be known before its file is found, so that file cannot choose it.
const namesInFile = settingNames.filter(name => !["NODE_ENV", "APP_ENV", "CONFIG_DIR"].includes(name))

/**
 * Reads the settings: `env` first, then `app/config/<APP_ENV>.env`, then the defaults. `NAME_FILE` names a file
 * that holds the value of `NAME`. An empty value counts as not set. Never throws: all problems are in the
 * result, and none repeats a value.
 *
 * @param readText reads a file as UTF-8 and throws when it cannot
 */
export function loadConfig(env: EnvRecord, readText: ReadText): ConfigResult {
  const given = resolveLayer(env, settingNames, readText)
  const environment = given.values.APP_ENV ?? defaultEnvironment(given.values.NODE_ENV)
  const file = isEnvironment(environment)
    ? readSettingsFile(environment, given.values.CONFIG_DIR, namesInFile, readText)
    : { values: {}, problems: [] }
  const parsed = settingsSchema.safeParse({ ...file.values, ...given.values, APP_ENV: environment })
  const problems = [...given.problems, ...file.problems]
  if (!parsed.success) problems.push(...explain(parsed.error.issues))
  if (parsed.success && problems.length === 0) return { ok: true, config: toConfig(parsed.data) }
  return { ok: false, problems }
}

// An image that is started by hand without APP_ENV must not run with the settings of development.
function defaultEnvironment(nodeEnv: string | undefined): string {
  return nodeEnv === "production" ? "production" : "development"
}

function explain(issues: readonly { readonly path: readonly PropertyKey[] }[]): Problem[] {
  const names = new Set(issues.map(issue => issue.path[0] as SettingName))
  return [...names].map(variable => ({ variable, ...explanations[variable] }))
}

function toConfig(settings: Settings): Config {
  return {
    nodeEnv: settings.NODE_ENV,
    environment: settings.APP_ENV,
    host: settings.HOST,
    port: settings.PORT,
    logLevel: settings.LOG_LEVEL,
    release: {
      digest: settings.APP_DIGEST ?? null,
      commit: settings.APP_COMMIT ?? null,
      version: settings.APP_VERSION ?? null,
    },
    keepAliveTimeoutMs: settings.KEEP_ALIVE_TIMEOUT_MS,
    shutdown: { drainMs: settings.SHUTDOWN_DRAIN_MS, timeoutMs: settings.SHUTDOWN_TIMEOUT_MS },
    healthCheckTimeoutMs: settings.HEALTH_CHECK_TIMEOUT_MS,
    diagnostics: settings.DIAGNOSTICS,
  }
}
