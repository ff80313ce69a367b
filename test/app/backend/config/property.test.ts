import fc from "fast-check"
import { expect, test } from "vitest"
import { type SettingName, secretNames, settingNames } from "../../../../app/backend/config/settings.ts"
import { loadConfig } from "../../../../app/backend/config.ts"

type Values = Partial<Record<SettingName, string>>

const runs = { numRuns: 2000, seed: Date.now() & 0x7fffffff }
console.log(`seed of Property 2: ${runs.seed}`)

/** Stands in every value that may be secret or wrong, so that a leak can be found. */
const canary = "hunter2"

const number = (min: number, max: number) => fc.integer({ min, max }).map(String)
const word = fc.stringMatching(/^[A-Za-z0-9._-]{0,40}$/).map(text => canary + text)
const key = fc.stringMatching(/^[!-~]{12,60}$/).map(text => canary + text)
const host = fc.stringMatching(/^[a-z0-9.-]{1,40}$/).map(text => `${canary}${text}`)

const right: Record<SettingName, fc.Arbitrary<string>> = {
  NODE_ENV: fc.constantFrom("development", "test", "production"),
  APP_ENV: fc.constantFrom("development", "staging", "production"),
  CONFIG_DIR: fc.constant("app/config"),
  HOST: host,
  PORT: number(0, 65_535),
  LOG_LEVEL: fc.constantFrom("fatal", "error", "warn", "info", "debug", "trace", "silent"),
  LOG_FILE: word.map(name => `/var/log/${name}`),
  LOG_FILE_MAX_MB: number(1, 100),
  LOG_FILE_MAX_AGE_HOURS: number(1, 8784),
  LOG_FILE_MAX_FILES: number(1, 1000),
  LOG_FILE_MAX_TOTAL_MB: number(100, 1_000_000),
  LOG_FILE_COMPRESS: fc.constantFrom("on", "off"),
  APP_DIGEST: fc.stringMatching(/^sha256:[0-9a-f]{64}$/),
  APP_COMMIT: fc.stringMatching(/^[0-9a-f]{7,64}(-dirty)?$/),
  APP_VERSION: word,
  KEEP_ALIVE_TIMEOUT_MS: number(0, 600_000),
  SHUTDOWN_DRAIN_MS: number(0, 20_000),
  SHUTDOWN_TIMEOUT_MS: number(25_000, 600_000),
  HEALTH_TOKEN: key,
  HEALTH_CHECK_INTERVAL_MS: number(60_001, 3_600_000),
  HEALTH_CHECK_TIMEOUT_MS: number(1, 20_000),
  HEALTH_CRITICAL_CHECKS: fc.constantFrom("pinecone", "llm-api", "pinecone,llm-api", "llm-api,pinecone"),
  PINECONE_API_KEY: key,
  PINECONE_INDEX_HOST: host.map(name => `https://${name}`),
  LLM_API_KEY: key,
  LLM_API_STYLE: fc.constantFrom("openai", "anthropic"),
  LLM_API_BASE_URL: fc.stringMatching(/^[a-z]{1,20}$/).map(path => `https://${canary}.example/${path}`),
  LLM_MODEL: word,
  DIAGNOSTICS: fc.constantFrom("on", "off"),
}

/** Any settings that keep every rule: what does not go together is put right. */
const valid: fc.Arbitrary<Values> = fc.record(right, { requiredKeys: ["APP_ENV"] }).map(settings => {
  const values: Values = settings
  if (!values.PINECONE_API_KEY || !values.PINECONE_INDEX_HOST) drop(values, "PINECONE")
  if (!values.LLM_API_KEY || !values.LLM_MODEL) drop(values, "LLM")
  if (!values.PINECONE_API_KEY || !values.LLM_API_KEY) delete values.HEALTH_CRITICAL_CHECKS
  if (values.APP_ENV !== "production") return values
  return { ...values, NODE_ENV: "production", DIAGNOSTICS: "off", LOG_LEVEL: "info" }
})

function drop(values: Values, dependency: string): void {
  for (const name of settingNames) if (name.startsWith(`${dependency}_`)) delete values[name]
}

/** Text that is wrong for every setting that takes more than any text. */
const wrongText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }).map(text => `\n${canary} ${text}`),
  fc.constantFrom(`-1 ${canary}`, `1e3 ${canary}`, `99999999999${canary} `, ` http://u:${canary}@x`),
)
const judged = settingNames.filter(name => !["CONFIG_DIR", "LOG_FILE"].includes(name))

/** Where the value comes from; what decides about the file can only come from the environment. */
type Source = "environment" | "NAME_FILE" | "settings file"
const sources = fc.array(fc.constantFrom<Source>("environment", "NAME_FILE", "settings file"), {
  minLength: settingNames.length,
  maxLength: settingNames.length,
})
const onlyInEnvironment: readonly SettingName[] = ["NODE_ENV", "APP_ENV", "CONFIG_DIR", ...secretNames]

function load(values: Values, from: readonly Source[]) {
  const env: Record<string, string> = {}
  const files: Record<string, string> = {}
  const lines: string[] = []
  settingNames.forEach((name, index) => {
    const value = values[name]
    const source =
      onlyInEnvironment.includes(name) && from[index] === "settings file" ? "environment" : from[index]
    if (value === undefined) return
    if (source === "NAME_FILE") {
      env[`${name}_FILE`] = `/run/${name}`
      files[`/run/${name}`] = `${value}\n`
    } else if (source === "settings file" && !/["'`\n\r]/.test(value)) lines.push(`${name}='${value}'`)
    else env[name] = value
  })
  files[`app/config/${values.APP_ENV}.env`] = lines.join("\n")
  return loadConfig(env, path => {
    const text = files[path]
    if (text === undefined) throw new Error("ENOENT")
    return text
  })
}

/** The configuration as the text of variables again: independent of how the program reads it. */
function toVariables(result: ReturnType<typeof load>): Values {
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  const { config: c } = result
  const onOff = (value: boolean | undefined) => (value === undefined ? undefined : value ? "on" : "off")
  const file = c.log.file
  const all: Partial<Record<SettingName, string | number | null | undefined>> = {
    NODE_ENV: c.nodeEnv,
    APP_ENV: c.environment,
    HOST: c.host,
    PORT: c.port,
    LOG_LEVEL: c.log.level,
    LOG_FILE: file?.path,
    LOG_FILE_MAX_MB: file && file.maxBytes / 1e6,
    LOG_FILE_MAX_AGE_HOURS: file && file.maxAgeMs / 3.6e6,
    LOG_FILE_MAX_FILES: file?.maxFiles,
    LOG_FILE_MAX_TOTAL_MB: file && file.maxTotalBytes / 1e6,
    LOG_FILE_COMPRESS: onOff(file?.compress),
    APP_DIGEST: c.release.digest,
    APP_COMMIT: c.release.commit,
    APP_VERSION: c.release.version,
    KEEP_ALIVE_TIMEOUT_MS: c.keepAliveTimeoutMs,
    SHUTDOWN_DRAIN_MS: c.shutdown.drainMs,
    SHUTDOWN_TIMEOUT_MS: c.shutdown.timeoutMs,
    HEALTH_TOKEN: c.health.token,
    HEALTH_CHECK_INTERVAL_MS: c.health.intervalMs,
    HEALTH_CHECK_TIMEOUT_MS: c.health.timeoutMs,
    HEALTH_CRITICAL_CHECKS: c.health.critical.join(",") || null,
    PINECONE_API_KEY: c.pinecone?.apiKey,
    PINECONE_INDEX_HOST: c.pinecone?.indexHost,
    LLM_API_KEY: c.llm?.apiKey,
    LLM_API_STYLE: c.llm?.style,
    LLM_API_BASE_URL: c.llm?.baseUrl,
    LLM_MODEL: c.llm?.model,
    DIAGNOSTICS: onOff(c.diagnostics),
  }
  const said = Object.entries(all).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(said.map(([name, value]) => [name, String(value)]))
}

test("Property 2, configuration: every valid one round-trips, wherever its values come from", () => {
  fc.assert(
    fc.property(valid, sources, (values, from) => {
      const first = load(values, from)
      const again = toVariables(first)
      // A log file's limits mean nothing without the file, and an address nothing without a key.
      const kept = settingNames.filter(name => name in again && name in values)
      for (const name of kept) expect(again[name], name).toBe(values[name])
      expect(
        load(
          again,
          from.map(() => "environment"),
        ),
      ).toEqual(first)
    }),
    runs,
  )
})

test("Property 2, configuration: one that breaks the rule of a variable is refused, names it and leaks no value", () => {
  fc.assert(
    fc.property(valid, fc.constantFrom(...judged), wrongText, sources, (values, name, text, from) => {
      const result = load({ ...values, [name]: text }, from)
      expect(result.ok).toBe(false)
      if (result.ok) return
      expect(result.problems.map(problem => problem.variable)).toContain(name)
      expect(JSON.stringify(result.problems)).not.toContain(canary)
    }),
    runs,
  )
})

/** Settings that are right one by one, and the variable that is to be named for not fitting the other. */
const discord: fc.Arbitrary<[SettingName, Values]> = fc.oneof(
  number(30_000, 300_000).map((ms): [SettingName, Values] => [
    "SHUTDOWN_TIMEOUT_MS",
    { SHUTDOWN_DRAIN_MS: ms, SHUTDOWN_TIMEOUT_MS: ms },
  ]),
  number(100, 60_000).map((ms): [SettingName, Values] => [
    "HEALTH_CHECK_TIMEOUT_MS",
    { HEALTH_CHECK_TIMEOUT_MS: ms, HEALTH_CHECK_INTERVAL_MS: ms },
  ]),
  number(2, 10_000).map((mb): [SettingName, Values] => [
    "LOG_FILE_MAX_TOTAL_MB",
    { LOG_FILE_MAX_MB: mb, LOG_FILE_MAX_TOTAL_MB: String(Number(mb) - 1) },
  ]),
  fc.constantFrom<[SettingName, Values]>(
    ["NODE_ENV", { APP_ENV: "production", NODE_ENV: "development" }],
    ["DIAGNOSTICS", { APP_ENV: "production", DIAGNOSTICS: "on" }],
    ["LOG_LEVEL", { APP_ENV: "production", LOG_LEVEL: "silent" }],
    ["PINECONE_INDEX_HOST", { APP_ENV: "production", PINECONE_INDEX_HOST: `http://${canary}` }],
    ["LLM_API_BASE_URL", { APP_ENV: "production", LLM_API_BASE_URL: `http://${canary}` }],
  ),
)

/** One of the two that belong together, without the other. */
const pairs: readonly [SettingName, SettingName][] = [
  ["PINECONE_API_KEY", "PINECONE_INDEX_HOST"],
  ["PINECONE_INDEX_HOST", "PINECONE_API_KEY"],
  ["LLM_API_KEY", "LLM_MODEL"],
  ["LLM_MODEL", "LLM_API_KEY"],
]

test("Property 2, configuration: one whose settings do not go together is refused, names it and leaks no value", () => {
  const lonely = fc
    .constantFrom(...pairs)
    .chain(([there, missing]) =>
      right[there].map((text): [SettingName, Values] => [missing, { [there]: text, [missing]: "" }]),
    )
  fc.assert(
    fc.property(valid, fc.oneof(discord, lonely), sources, (values, [name, broken], from) => {
      const result = load({ ...values, ...broken }, from)
      expect(result.ok).toBe(false)
      if (result.ok) return
      expect(result.problems.map(problem => problem.variable)).toContain(name)
      expect(JSON.stringify(result.problems)).not.toContain(canary)
    }),
    runs,
  )
})
