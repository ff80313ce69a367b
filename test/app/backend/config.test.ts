import { readFileSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type Config, loadConfig } from "../../../app/backend/config.ts"
import type { Problem } from "../../../app/backend/config-schema.ts"
import { settingNames } from "../../../app/backend/config-schema.ts"

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
      logLevel: "info",
      release: { digest: null, commit: null, version: null },
      keepAliveTimeoutMs: 65_000,
      shutdown: { drainMs: 5000, timeoutMs: 25_000 },
      healthCheckTimeoutMs: 2000,
      diagnostics: false,
    })
  })

  test("an empty value counts as not set", () => {
    expect(accepted({ PORT: "", APP_COMMIT: "" })).toMatchObject({ port: 3000, release: { commit: null } })
  })

  test("a production process without APP_ENV is in production", () => {
    expect(accepted({ NODE_ENV: "production" }).environment).toBe("production")
  })

  test("every whole number in range is a port, and nothing else is", () => {
    fc.assert(fc.property(fc.nat(65_535), port => accepted({ PORT: String(port) }).port === port))
    for (const PORT of ["65536", "-1", "1.5", "1e3", "0x10", " 80", "80 "]) {
      expect(variables(refused({ PORT })), PORT).toEqual(["PORT"])
    }
  })
})

describe("sources", () => {
  test("the environment wins over the settings file, which wins over the default", () => {
    const files = { "app/config/staging.env": "PORT=4000\nLOG_LEVEL=warn\n" }
    const config = accepted({ APP_ENV: "staging", PORT: "5000" }, files)
    expect(config).toMatchObject({ environment: "staging", port: 5000, logLevel: "warn", host: "0.0.0.0" })
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
    expect(
      loadConfig({ APP_ENV, CONFIG_DIR: "app/config" }, path => readFileSync(path, "utf8")),
    ).toMatchObject({ ok: true })
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

  test("no value ever shows in a problem, whatever it is and wherever it came from", () => {
    const secret = fc.string({ minLength: 6, maxLength: 40 }).map(text => `hunter2${text}`)
    const source = fc.constantFrom("environment", "settings file", "NAME_FILE")
    fc.assert(
      fc.property(fc.constantFrom(...settingNames), secret, source, (name, value, from) => {
        const [env, files] = plant(name, value, from)
        expect(JSON.stringify(loadConfig(env, read(files)))).not.toMatch(refusedValue)
      }),
    )
  })
})

// Accepted values are in the result, and may be: only problems are looked at.
const refusedValue = /"problems".*hunter2/

function plant(name: string, value: string, from: string): [Env, Files] {
  if (from === "environment") return [{ [name]: value }, {}]
  if (from === "NAME_FILE") return [{ [`${name}_FILE`]: "/f" }, { "/f": value }]
  return [{}, { "app/config/development.env": `${name}='${value.replaceAll(/['\n\r]/g, "")}'` }]
}
