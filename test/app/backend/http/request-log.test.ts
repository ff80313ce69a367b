import { expect, test } from "vitest"
import { serveWith } from "./middleware.ts"

async function logged(records: () => Record<string, unknown>[]) {
  await expect.poll(() => records().filter(record => record.msg === "request")).toHaveLength(1)
  return records().find(record => record.msg === "request")
}

test("a request is one line with method, path, status and duration, without its query", async () => {
  const { base, records } = await serveWith((_request, response) => void response.status(201).end())
  await fetch(`${base}/here?token=hunter2`, { method: "POST" })
  expect(await logged(records)).toMatchObject({
    level: "info",
    method: "POST",
    path: "/here",
    status: 201,
    durationMs: expect.any(Number),
    aborted: false,
  })
  expect(JSON.stringify(records())).not.toContain("hunter2")
})

test.each([
  [404, "warn"],
  [502, "error"],
])("status %i is logged as %s", async (status, level) => {
  const { base, records } = await serveWith((_request, response) => void response.status(status).end())
  await fetch(`${base}/here`)
  expect(await logged(records)).toMatchObject({ level, status })
})

test("a request that the client gives up is logged as aborted, with its id", async () => {
  const { base, records } = await serveWith(() => {})
  const headers = { "x-request-id": "gone" }
  await expect(fetch(`${base}/here`, { headers, signal: AbortSignal.timeout(50) })).rejects.toThrow()
  expect(await logged(records)).toMatchObject({ aborted: true, requestId: "gone" })
})

test("probes are logged at debug only", async () => {
  const { base, records } = await serveWith((_request, response) => void response.end())
  await fetch(`${base}/health/ready?x=1`)
  expect(await logged(records)).toMatchObject({ level: "debug", path: "/health/ready" })
})
