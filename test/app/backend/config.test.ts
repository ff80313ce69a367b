import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import type { Problem } from "../../../app/backend/config/problem.ts"
import { type Config, loadConfig } from "../../../app/backend/config.ts"

type Files = Record<string, string>
type Env = Record<string, string | undefined>

const read = (files: Files) => (path: string) => {
  const text = files[path]
  if (text === undefined) throw new Error("ENOENT")
  return text
}

function accepted(env: Env, files: Files = {}): Config {
  const result = loadConfig(env, read(files))
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.config
}

function refused(env: Env, files: Files = {}): readonly Problem[] {
  const result = loadConfig(env, read(files))
  return result.ok ? [] : result.problems
}

const variables = (problems: readonly Problem[]) => problems.map(problem => problem.variable)

describe("values", () => {
  test("an empty environment gives the documented defaults", () => {
    expect(accepted({})).toEqual({
      nodeEnv: "development",
      environment: "development",
      host: "0.0.0.0",
      port: 3000,
      log: { level: "info", file: null },
      release: { digest: null, commit: null, version: null },
      keepAliveTimeoutMs: 65_000,
      shutdown: { drainMs: 5000, timeoutMs: 25_000 },
      health: { token: null, intervalMs: 30_000, timeoutMs: 2000, critical: [] },
      pinecone: null,
      llm: null,
      diagnostics: false,
    })
  })

  test("an empty value counts as not set", () => {
    expect(accepted({ PORT: "", APP_COMMIT: "" })).toMatchObject({ port: 3000, release: { commit: null } })
  })

  test("a log file gets its limits in bytes and milliseconds", () => {
    expect(accepted({ LOG_FILE: "/var/log/app.log", LOG_FILE_COMPRESS: "on" }).log.file).toEqual({
      path: "/var/log/app.log",
      maxBytes: 10_000_000,
      maxAgeMs: 86_400_000,
      maxFiles: 7,
      maxTotalBytes: 100_000_000,
      compress: true,
    })
  })

  test("a language model's API has the address of its provider unless told otherwise", () => {
    const env = { LLM_API_KEY: "k".repeat(20), LLM_MODEL: "small" }
    const baseUrl = (more: Env) => accepted({ ...env, ...more }).llm?.baseUrl
    expect(baseUrl({})).toBe("https://api.openai.com/v1")
    expect(baseUrl({ LLM_API_STYLE: "anthropic" })).toBe("https://api.anthropic.com/v1")
    expect(baseUrl({ LLM_API_BASE_URL: "http://127.0.0.1:9/v1" })).toBe("http://127.0.0.1:9/v1")
  })

  test("a production process without APP_ENV is in production", () => {
    expect(accepted({ NODE_ENV: "production" }).environment).toBe("production")
  })

  test("nothing but a whole number in range is a port", () => {
    for (const PORT of ["65536", "-1", "1.5", "1e3", "0x10", " 80", "80 "]) {
      expect(variables(refused({ PORT })), PORT).toEqual(["PORT"])
    }
  })
})

describe("sources", () => {
  test("the environment wins over the settings file, which wins over the default", () => {
    const files = { "app/config/staging.env": "PORT=4000\nLOG_LEVEL=warn\n" }
    const config = accepted({ APP_ENV: "staging", PORT: "5000" }, files)
    expect(config).toMatchObject({
      environment: "staging",
      port: 5000,
      log: { level: "warn" },
      host: "0.0.0.0",
    })
  })

  test("NAME_FILE gives the text of the file without its last newline", () => {
    const config = accepted({ APP_VERSION_FILE: "/run/secrets/v" }, { "/run/secrets/v": "1.4.0\n" })
    expect(config.release.version).toBe("1.4.0")
  })

  test("NAME_FILE in the environment wins over NAME in the settings file", () => {
    const files = { "app/config/development.env": "APP_VERSION=1.0.0", "/v": "2.0.0" }
    expect(accepted({ APP_VERSION_FILE: "/v" }, files).release.version).toBe("2.0.0")
  })

  test("NAME together with NAME_FILE is refused", () => {
    expect(variables(refused({ PORT: "80", PORT_FILE: "/p" }, { "/p": "81" }))).toEqual(["PORT"])
  })

  test("a NAME_FILE that cannot be read is refused without telling its path", () => {
    const problems = refused({ PORT_FILE: "/secret-place" })
    expect(variables(problems)).toEqual(["PORT_FILE"])
    expect(JSON.stringify(problems)).not.toContain("secret-place")
  })

  test("a CONFIG_DIR without the file of the environment is refused", () => {
    expect(variables(refused({ CONFIG_DIR: "/nowhere" }))).toEqual(["CONFIG_DIR"])
  })

  test("a misspelt name in the settings file is refused", () => {
    expect(variables(refused({}, { "app/config/development.env": "LOG_LEVL=debug" }))).toEqual(["LOG_LEVL"])
  })

  test("a settings file cannot choose the environment", () => {
    expect(variables(refused({}, { "app/config/development.env": "APP_ENV=production" }))).toEqual([
      "APP_ENV",
    ])
  })

  test("a settings file holds no secret, but may say where one is mounted", () => {
    const file = (line: string) => ({ "app/config/development.env": line, "/run/t": "t".repeat(32) })
    expect(variables(refused({}, file("HEALTH_TOKEN=0123456789abcdef")))).toEqual(["HEALTH_TOKEN"])
    expect(accepted({}, file("HEALTH_TOKEN_FILE=/run/t")).health.token).toBe("t".repeat(32))
  })

  test("an unknown APP_ENV is refused and never becomes a path", () => {
    const paths: string[] = []
    const result = loadConfig({ APP_ENV: "../../etc/passwd" }, path => {
      paths.push(path)
      return ""
    })
    expect(result.ok).toBe(false)
    expect(paths).toEqual([])
  })

  test.each(["development", "staging", "production"])("the settings file of %s is valid", APP_ENV => {
    const env = { APP_ENV, NODE_ENV: "production", CONFIG_DIR: "app/config" }
    expect(loadConfig(env, path => readFileSync(path, "utf8"))).toMatchObject({ ok: true })
  })
})

describe("problems", () => {
  test("all are reported at once, each with a rule and a hint", () => {
    const problems = refused({
      PORT: "no",
      LOG_LEVEL: "loud",
      APP_DIGEST: "sha256:1",
      SHUTDOWN_DRAIN_MS: "9",
      SHUTDOWN_TIMEOUT_MS: "9",
    })
    expect(variables(problems).sort()).toEqual(["APP_DIGEST", "LOG_LEVEL", "PORT", "SHUTDOWN_TIMEOUT_MS"])
    for (const problem of problems) expect(problem).toMatchObject({ rule: /\w+ \w+/, hint: /\w+ \w+/ })
  })

  test.each([
    ["PINECONE_INDEX_HOST", { PINECONE_API_KEY: "0123456789" }],
    ["PINECONE_API_KEY", { PINECONE_INDEX_HOST: "index.example" }],
    ["LLM_MODEL", { LLM_API_KEY: "0123456789" }],
    ["LLM_API_KEY", { LLM_MODEL: "small" }],
    ["HEALTH_CRITICAL_CHECKS", { HEALTH_CRITICAL_CHECKS: "llm-api" }],
    ["HEALTH_CRITICAL_CHECKS", { HEALTH_CRITICAL_CHECKS: "pinecone" }],
    ["HEALTH_CHECK_TIMEOUT_MS", { HEALTH_CHECK_INTERVAL_MS: "2000" }],
    ["LOG_FILE_MAX_TOTAL_MB", { LOG_FILE_MAX_TOTAL_MB: "9" }],
    ["NODE_ENV", { APP_ENV: "production", NODE_ENV: "test" }],
    ["DIAGNOSTICS", { NODE_ENV: "production", DIAGNOSTICS: "on" }],
    ["LOG_LEVEL", { NODE_ENV: "production", LOG_LEVEL: "silent" }],
    ["LLM_API_BASE_URL", { NODE_ENV: "production", LLM_API_BASE_URL: "http://model.example" }],
    [
      "PINECONE_INDEX_HOST",
      { NODE_ENV: "production", PINECONE_API_KEY: "0123456789", PINECONE_INDEX_HOST: "http://index.example" },
    ],
  ])("%s is named when settings do not go together: %o", (variable, env) => {
    expect(variables(refused(env))).toEqual([variable])
  })
})
