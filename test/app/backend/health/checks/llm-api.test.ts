import { describe, expect, test } from "vitest"
import { checkLlmApi, type LlmApiSettings } from "../../../../../app/backend/health/checks/llm-api.ts"
import { llmKey, startFakeLlmApi } from "../fake-llm-api.ts"
import { bodySecret } from "../faults.ts"
import { failureOf, hangMs, patienceMs, unaborted } from "./failure-of.ts"
import { commonAddresses, commonTrouble } from "./trouble.ts"

const styles = ["openai", "anthropic"] as const

const checkAt = (baseUrl: string, settings: Partial<LlmApiSettings> = {}) =>
  checkLlmApi({ apiKey: llmKey, style: "openai", baseUrl, model: "model-2", ...settings })

test("without settings it is disabled", () => {
  expect(checkLlmApi(null)).toMatchObject({ name: "llm-api", enabled: false })
})

describe.each(styles)("in the style of %s", style => {
  test("a model that is listed is well, also when the base URL ends with a slash", async () => {
    const { baseUrl } = await startFakeLlmApi()
    await checkAt(baseUrl, { style }).run(unaborted)
    await checkAt(`${baseUrl}/`, { style }).run(unaborted)
  })

  test("a model that is not listed is model_not_found", async () => {
    const { baseUrl } = await startFakeLlmApi()
    const failure = await failureOf(checkAt(baseUrl, { style, model: "model" }))
    expect(failure).toMatchObject({ errorClass: "model_not_found" })
  })

  test("another key is unauthorized", async () => {
    const { baseUrl } = await startFakeLlmApi()
    const failure = await failureOf(checkAt(baseUrl, { style, apiKey: "wrong" }))
    expect(failure).toMatchObject({ errorClass: "unauthorized", reason: "HTTP 401" })
  })

  test("a list of the wrong shape is a bad response", async () => {
    for (const body of ['{"data":[{"name":"x"}]}', '{"data":{}}', '{"data":[1]}', '"model-2"']) {
      const { baseUrl } = await startFakeLlmApi({ kind: "text", body })
      expect(await failureOf(checkAt(baseUrl, { style }))).toMatchObject({ errorClass: "bad_response" })
    }
  })
})

describe("pages", () => {
  const anthropic = { style: "anthropic", model: "model-7" } as const

  test("they are asked for until the model is found, and no further", async () => {
    const { baseUrl, seen } = await startFakeLlmApi()
    await checkAt(baseUrl, anthropic).run(unaborted)
    expect(seen.map(({ url }) => url)).toEqual([
      "/v1/models?limit=1000",
      "/v1/models?limit=1000&after_id=model-3",
      "/v1/models?limit=1000&after_id=model-6",
    ])
    await checkAt(baseUrl, { ...anthropic, model: "model-5" }).run(unaborted)
    expect(seen).toHaveLength(5)
  })

  test.each([
    ["stands still", '{"data":[],"has_more":true,"last_id":"a"}', 2],
    ["names no next page", '{"data":[],"has_more":true}', 1],
  ])("a list that %s is a bad response", async (_, body, requests) => {
    const { baseUrl, seen } = await startFakeLlmApi({ kind: "text", body })
    expect(await failureOf(checkAt(baseUrl, anthropic))).toMatchObject({ errorClass: "bad_response" })
    expect(seen).toHaveLength(requests)
  })

  test("a list without an end is a bad response after 20 pages", async () => {
    let last = 0
    const { baseUrl, seen } = await startFakeLlmApi({
      kind: "texts",
      body: () => `{"data":[],"has_more":true,"last_id":"${last++}"}`,
    })
    expect(await failureOf(checkAt(baseUrl, anthropic))).toMatchObject({ errorClass: "bad_response" })
    expect(seen).toHaveLength(20)
  })
})

test("the request carries the given headers beside its own", async () => {
  const { baseUrl, seen } = await startFakeLlmApi()
  const settings = { apiKey: llmKey, style: "openai", baseUrl, model: "model-1" } as const
  const headers = () => ({ "x-request-id": "run-1", Authorization: "not mine" })
  await checkLlmApi(settings, { headers }).run(unaborted)
  expect(seen).toMatchObject([{ headers: { "x-request-id": "run-1", authorization: `Bearer ${llmKey}` } }])
})

test.each(commonTrouble)("%j is %s", { timeout: 60_000 }, async (fault, errorClass, reason) => {
  const { baseUrl, seen } = await startFakeLlmApi(fault)
  const failure = await failureOf(checkAt(baseUrl), errorClass === "timeout" ? hangMs : patienceMs)
  expect(failure).toMatchObject({ errorClass, reason: expect.stringMatching(reason) })
  expect(seen).toHaveLength(1)
  for (const secret of [llmKey, bodySecret, "127.0.0.1", new URL(baseUrl).port]) {
    expect(failure.everything).not.toContain(secret)
  }
})

test("a path that is not there is a bad response", async () => {
  const { baseUrl } = await startFakeLlmApi()
  const failure = await failureOf(checkAt(`${baseUrl}/nowhere`))
  expect(failure).toMatchObject({ errorClass: "bad_response", reason: "HTTP 404" })
})

test.each(commonAddresses)(
  "%s is a failure of its own",
  { timeout: 60_000 },
  async (_, start, errorClass, reason) => {
    expect(await failureOf(checkAt(await start()))).toMatchObject({ errorClass, reason })
  },
)

test("a redirect is not followed, so the key goes nowhere else", async () => {
  const elsewhere = await startFakeLlmApi()
  const headers = { location: `${elsewhere.baseUrl}/models` }
  const { baseUrl } = await startFakeLlmApi({ kind: "status", status: 302, headers })
  const failure = await failureOf(checkAt(baseUrl, { style: "anthropic" }))
  expect(failure).toMatchObject({ errorClass: "bad_response", reason: "HTTP 302" })
  expect(elsewhere.seen).toEqual([])
})
