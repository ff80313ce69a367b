import { type EnvRecord, type ReadText, readSettingsFile, resolveLayer } from "./config/layers.ts"
import type { Problem } from "./config/problem.ts"
import { brokenRules } from "./config/rules.ts"
import {
  explanationOf,
  isEnvironment,
  type SettingName,
  type Settings,
  secretNames,
  settingNames,
  settingsSchema,
} from "./config/settings.ts"

/** The name that logs and health answers give this program. */
export const serviceName = "lockstep-backend"

const megabyte = 1_000_000
const hour = 3_600_000

/** The checked settings; null means that nobody said. */
export type Config = ReturnType<typeof toConfig>

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] }

// The environment must be known before its file is found, so that file cannot choose it. And it is a part of the
// image, so it holds no secret, but may say where one is mounted.
const notInFile: readonly string[] = ["NODE_ENV", "APP_ENV", "CONFIG_DIR"]
const namesInFile = settingNames.filter(name => !notInFile.includes(name))

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
    ? readSettingsFile(environment, given.values.CONFIG_DIR, { names: namesInFile, secretNames }, readText)
    : { values: {}, problems: [] }
  const raw = { ...file.values, ...given.values, APP_ENV: environment }
  const parsed = settingsSchema.safeParse(raw)
  const problems = [...given.problems, ...file.problems, ...brokenRules(raw)]
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
  return [...names].map(variable => ({ variable, ...explanationOf(variable) }))
}

/** Times in milliseconds, sizes in bytes. */
function toConfig(settings: Settings) {
  return {
    nodeEnv: settings.NODE_ENV,
    environment: settings.APP_ENV,
    host: settings.HOST,
    port: settings.PORT,
    log: { level: settings.LOG_LEVEL, file: toLogFile(settings) },
    /** What runs: the digest of the image's manifest, the commit of its sources, its version. */
    release: {
      digest: settings.APP_DIGEST ?? null,
      commit: settings.APP_COMMIT ?? null,
      version: settings.APP_VERSION ?? null,
    },
    keepAliveTimeoutMs: settings.KEEP_ALIVE_TIMEOUT_MS,
    shutdown: { drainMs: settings.SHUTDOWN_DRAIN_MS, timeoutMs: settings.SHUTDOWN_TIMEOUT_MS },
    health: {
      token: settings.HEALTH_TOKEN ?? null,
      intervalMs: settings.HEALTH_CHECK_INTERVAL_MS,
      timeoutMs: settings.HEALTH_CHECK_TIMEOUT_MS,
      critical: settings.HEALTH_CRITICAL_CHECKS ?? [],
    },
    pinecone: toPinecone(settings),
    llm: toLlm(settings),
    diagnostics: settings.DIAGNOSTICS,
  } as const
}

function toLogFile(settings: Settings) {
  if (settings.LOG_FILE === undefined) return null
  return {
    path: settings.LOG_FILE,
    maxBytes: settings.LOG_FILE_MAX_MB * megabyte,
    maxAgeMs: settings.LOG_FILE_MAX_AGE_HOURS * hour,
    maxFiles: settings.LOG_FILE_MAX_FILES,
    maxTotalBytes: settings.LOG_FILE_MAX_TOTAL_MB * megabyte,
    compress: settings.LOG_FILE_COMPRESS,
  }
}

function toPinecone({ PINECONE_API_KEY: apiKey, PINECONE_INDEX_HOST: indexHost }: Settings) {
  return apiKey === undefined || indexHost === undefined ? null : { apiKey, indexHost }
}

const ownUrls = { openai: "https://api.openai.com/v1", anthropic: "https://api.anthropic.com/v1" }

function toLlm({ LLM_API_KEY: apiKey, LLM_MODEL: model, LLM_API_STYLE: style, LLM_API_BASE_URL }: Settings) {
  if (apiKey === undefined || model === undefined) return null
  return { apiKey, model, style, baseUrl: LLM_API_BASE_URL ?? ownUrls[style] }
}
