import { expect, test } from "vitest"
import { AppError, toAppError } from "../../../../app/backend/http/app-error.ts"
import { serveWith } from "./middleware.ts"

const json = { "content-type": "application/json" }

test("an unknown path is a 404 as JSON with the correlation id", async () => {
  const { base } = await serveWith((_request, response) => void response.end())
  const response = await fetch(`${base}/nowhere`, { headers: { "x-request-id": "abc" } })
  expect(response.status).toBe(404)
  expect(await response.json()).toEqual({
    error: { code: "not_found", message: "Not Found", correlationId: "abc" },
  })
})

test("an AppError gives its code and status", async () => {
  const { base } = await serveWith(() => {
    throw new AppError("quota_used_up", 429)
  })
  const response = await fetch(`${base}/here`)
  expect(response.status).toBe(429)
  expect(await response.json()).toMatchObject({
    error: { code: "quota_used_up", message: "Too Many Requests" },
  })
})

test("an unexpected error is a 500 whose text stays in the log", async () => {
  const { base, records } = await serveWith(async () => {
    throw new Error("password of db is hunter2")
  })
  const response = await fetch(`${base}/here`, { headers: { "x-request-id": "abc" } })
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain("hunter2")
  const logged = records().find(record => record.message === "request failed")
  expect(logged).toMatchObject({ level: "error", correlationId: "abc", err: { stack: /hunter2/ } })
})

test.each([
  ["{ no json", 400, "bad_request"],
  [JSON.stringify("x".repeat(200_000)), 413, "payload_too_large"],
])("a body that the parser refuses keeps its status", async (body, status, code) => {
  const { base } = await serveWith((_request, response) => void response.end())
  const response = await fetch(`${base}/here`, { method: "POST", headers: json, body })
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ error: { code } })
})

test("an error after the first byte cuts the connection instead of ending the answer", async () => {
  const { base } = await serveWith((_request, response) => {
    response.write("half")
    throw new Error("too late")
  })
  await expect(fetch(`${base}/here`).then(response => response.text())).rejects.toThrow()
})

test("whatever is thrown becomes an AppError that keeps it as its cause", () => {
  for (const thrown of [new Error("x"), "text", null, undefined, { status: 503 }]) {
    const error = toAppError(thrown)
    expect([error.code, error.status]).toEqual(["internal_error", 500])
    expect(error.cause).toBe(thrown)
  }
})
