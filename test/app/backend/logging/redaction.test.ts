import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { logConfigSchema, secretNames } from "../../../../app/backend/logging/config.ts"
import { createRedaction } from "../../../../app/backend/logging/redaction.ts"
import { captureLogs } from "../support.ts"

const { isSecretName, redactText } = createRedaction(secretNames)

test("the schema's list of secret names is the one that is used", () => {
  const config = { level: "info", service: "s", environment: "e", version: null, file: null }
  expect(logConfigSchema.parse(config).secretNames).toEqual(secretNames)
})

test.each([
  ...["password", "PASSWORD", "db_password", "userPassword", "passwd", "client-secret", "apiKey", "API_KEY"],
  ...["x-api-key", "api.key", "authorization", "Proxy-Authorization", "cookie", "Set-Cookie", "privateKey"],
  ...["credentials", "token", "accessToken", "refresh_tokens", "session", "session-id", "sessionId", "jwt"],
  ...["PINECONE_API_KEY", "LLM_API_KEY", "HEALTH_TOKEN", "pineconeApiKey", "healthToken"],
])("%s names a secret", name => {
  expect(isSecretName(name)).toBe(true)
})

test.each([
  ...["author", "tokenizer", "keyboard", "sessionCount", "path", "passed", "route", "pass", "monkey"],
])("%s does not name a secret", name => {
  expect(isSecretName(name)).toBe(false)
})

test("variables of the example that hold secrets are covered", () => {
  const names = [...readFileSync(".env.example", "utf8").matchAll(/^#? ?([A-Z_]+)=/gm)].map(
    ([, name]) => name,
  )
  const secrets = names.filter(name => /(_KEY|_TOKEN|_PASSWORD|_SECRET)$/.test(name ?? ""))
  for (const name of secrets) expect(isSecretName(name ?? ""), name).toBe(true)
})

test("secrets are replaced at any depth, in lists, maps, errors and header lists", () => {
  const { logger, lines, records } = captureLogs()
  const err = Object.assign(new Error("failed"), { config: { headers: { Authorization: "canary" } } })
  logger.info(
    {
      token: "canary",
      nested: [{ deep: { "Set-Cookie": ["canary"], apiKey: { inner: "canary" } } }],
      map: new Map([["db_password", "canary"]]),
      rawHeaders: ["Host", "h", "Cookie", "canary"],
      err,
    },
    "m",
  )
  expect(lines[0]).not.toContain("canary")
  expect(records()[0]).toMatchObject({
    token: "[redacted]",
    rawHeaders: ["Host", "h", "Cookie", "[redacted]"],
  })
})

test("counts, flags and nothing are not secrets", () => {
  const { logger, records } = captureLogs()
  logger.info({ totalTokens: 12, hasPassword: true, session: null, pin_token: 4711 }, "m")
  expect(records()[0]).toMatchObject({
    ...{ totalTokens: 12, hasPassword: true, session: null, pin_token: "[redacted]" },
  })
})

describe("in texts", () => {
  test.each([
    ["Authorization: Bearer abc.def-123", "Authorization: [redacted]"],
    ["sent bearer abcdefgh1 twice", "sent Bearer [redacted] twice"],
    [`with Basic ${btoa("user:canary")} sent`, "with Basic [redacted] sent"],
    ["connect to https://user:canary@host/p failed", "connect to https://[redacted]@host/p failed"],
    ["postgres://canary@db:5432/x", "postgres://[redacted]@db:5432/x"],
    ["GET /p?a=1&access_token=canary&b=2", "GET /p?a=1&access_token=[redacted]&b=2"],
    ['{"user":"u","password":"can ary","n":1}', '{"user":"u","password":"[redacted]","n":1}'],
    ['"{\\"apiKey\\":\\"canary\\"}"', '"{\\"apiKey\\":\\"[redacted]\\"}"'],
    ['{"password":"it\'s \\"canary\\" x","n":1}', '{"password":"[redacted]","n":1}'],
    ["API_KEY = canary", "API_KEY = [redacted]"],
    ["Cookie: a=canary; b=canary", "Cookie: [redacted]"],
  ])("%s is redacted", (text, expected) => {
    expect(redactText(text)).toBe(expected)
  })

  test.each([
    "Basic information about bearer of news",
    "GET /health/ready?verbose=1 took 12 ms",
    "https://host.example/@scope/package",
    "Error: x\n    at run (file:///app/main.ts:10:5)",
  ])("%s stays as it is", text => {
    expect(redactText(text)).toBe(text)
  })

  test("hostile texts take no longer than others of their length", () => {
    for (const unit of ["a-", "bearer ", "basic ", "a://", "a=", "cookie:", "'=\"", '\\"', "token "]) {
      const start = performance.now()
      redactText(unit.repeat(9216 / unit.length))
      expect(performance.now() - start, unit).toBeLessThan(1000)
    }
  })
})
