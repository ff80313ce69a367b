import express, { Router } from "express"
import { expect, test } from "vitest"
import { errorHandler } from "../../../../app/backend/http/errors.ts"
import { requestContext } from "../../../../app/backend/http/request-context.ts"
import { requestLog } from "../../../../app/backend/http/request-log.ts"
import { captureLogs, serve } from "../support.ts"
import { serveWith } from "./middleware.ts"

async function logged(records: () => Record<string, unknown>[]) {
  await expect.poll(() => records().filter(record => record.message === "request")).toHaveLength(1)
  return records().find(record => record.message === "request")
}

test("a request is one line with method, route, path, status, duration and bytes, without its query", async () => {
  const { base, records } = await serveWith((_request, response) => void response.status(201).end("twö"))
  await fetch(`${base}/here?token=hunter2`, { method: "POST" })
  expect(await logged(records)).toMatchObject({
    level: "info",
    method: "POST",
    route: "/here",
    path: "/here",
    status: 201,
    bytes: 4,
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
  expect(await logged(records)).toMatchObject({
    aborted: true,
    correlationId: "gone",
    status: null,
    bytes: 0,
  })
})

test("a route is its pattern, and what no route took is unmatched with its path, cut", async () => {
  const { logger, records } = captureLogs()
  const router = Router()
  router.get("/items/:id", (_request, response) => void response.json({}))
  const app = express().use(requestContext, requestLog(logger)).use("/api", router)
  app.get("/fails/:id", () => {
    throw new Error("x")
  })
  app.use(errorHandler(logger))
  const base = await serve(app)
  const long = `/${"x".repeat(1000)}`
  for (const path of ["/api/items/1", "/api/items/2", "/fails/3", long]) await fetch(base + path)
  const requests = () => records().filter(record => record.message === "request")
  await expect.poll(() => requests().length).toBe(4)
  expect(requests().map(({ route, path, status }) => [route, path, status])).toEqual([
    ["/api/items/:id", "/api/items/1", 200],
    ["/api/items/:id", "/api/items/2", 200],
    ["/fails/:id", "/fails/3", 500],
    ["unmatched", long.slice(0, 256), 404],
  ])
})

test("bytes are those of the body, however it is written", async () => {
  const { base, records } = await serveWith((_request, response) => {
    response.write("ä")
    response.write("e4", "hex")
    response.write(Buffer.alloc(3))
    response.end("end", () => {})
  })
  expect((await (await fetch(`${base}/here`)).arrayBuffer()).byteLength).toBe(9)
  expect(await logged(records)).toMatchObject({ bytes: 9 })
})

test("the answer to HEAD has no body", async () => {
  const { base, records } = await serveWith((_request, response) => void response.json({ a: 1 }))
  await fetch(`${base}/here`, { method: "HEAD" })
  expect(await logged(records)).toMatchObject({ method: "HEAD", status: 200, bytes: 0 })
})

test("probes are logged at debug only", async () => {
  const { base, records } = await serveWith((_request, response) => void response.end())
  await fetch(`${base}/health/ready?x=1`)
  expect(await logged(records)).toMatchObject({ level: "debug", path: "/health/ready" })
})
