import { createServer, request } from "node:http"
import express, { Router } from "express"
import { expect, test } from "vitest"
import { httpMetrics } from "../../../../app/backend/metrics/http-metrics.ts"
import { createMetrics } from "../../../../app/backend/metrics/metrics.ts"
import { listen } from "../health/listen.ts"

async function setup() {
  const metrics = createMetrics({ processMetrics: false })
  const app = express().use(httpMetrics(metrics))
  app.get("/users/:id", (_request, response) => void response.end("one"))
  app.all("/broken", () => {
    throw Object.assign(new Error("broken"), { status: 503 })
  })
  app.get("/never", () => {})
  app.use("/below/:tenant", tenantRouter())
  const base = await listen(createServer(app.use(quiet)))
  /** The lines of one metric, without comments. */
  const lines = async (name: string) =>
    (await metrics.text())
      .split("\n")
      .filter(line => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
  return { base, metrics, lines }
}

const tenantRouter = () => Router().get("/x", (_request, response) => void response.end())

// Express prints errors on its own unless someone takes them.
const quiet: express.ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(error.status ?? 500).end()
}

const counted = (lines: () => Promise<string[]>) => expect.poll(lines, { timeout: 10_000 })

test("a request is counted by method, pattern of the route and class of the status", async () => {
  const { base, lines } = await setup()
  for (const path of ["/users/1", "/users/2?x=1", "/broken", "/nowhere", "/other/../nowhere"])
    await fetch(base + path)
  await fetch(`${base}/users/3`, { method: "HEAD" })
  await counted(() => lines("http_request_duration_seconds_count")).toEqual([
    'http_request_duration_seconds_count{method="GET",route="/users/:id",status="2xx"} 2',
    'http_request_duration_seconds_count{method="GET",route="/broken",status="5xx"} 1',
    'http_request_duration_seconds_count{method="GET",route="unmatched",status="4xx"} 2',
    'http_request_duration_seconds_count{method="HEAD",route="/users/:id",status="2xx"} 1',
  ])
})

test("methods that nobody knows share one label", async () => {
  const { base, lines } = await setup()
  for (const method of ["PROPFIND", "PURGE"]) {
    await new Promise(resolve => request(`${base}/broken`, { method }, resolve).end())
  }
  await counted(() => lines("http_request_duration_seconds_count")).toEqual([
    'http_request_duration_seconds_count{method="other",route="/broken",status="5xx"} 2',
  ])
})

test("requests in flight are counted, and one that is given up is aborted", async () => {
  const { base, lines } = await setup()
  const giveUp = new AbortController()
  const answer = fetch(`${base}/never`, { signal: giveUp.signal })
  await counted(() => lines("http_requests_in_flight")).toEqual(["http_requests_in_flight 1"])
  giveUp.abort()
  await expect(answer).rejects.toThrow()
  await counted(() => lines("http_requests_in_flight")).toEqual(["http_requests_in_flight 0"])
  expect(await lines("http_request_duration_seconds_count")).toEqual([
    'http_request_duration_seconds_count{method="GET",route="/never",status="aborted"} 1',
  ])
})

test("the routes have percentiles, by method and pattern", async () => {
  const { base, metrics } = await setup()
  for (const id of [1, 2, 3]) await fetch(`${base}/users/${id}`)
  await fetch(`${base}/nowhere`)
  await expect
    .poll(() => metrics.routes().map(({ route, count }) => [route, count]), { timeout: 10_000 })
    .toEqual([
      ["GET /users/:id", 3],
      ["GET unmatched", 1],
    ])
  const [users] = metrics.routes()
  expect(users?.p50).toBeGreaterThan(0)
  expect(users?.p99).toBeGreaterThanOrEqual(users?.p50 ?? Number.NaN)
})

test("a router below a parameter cannot make labels without end", { timeout: 60_000 }, async () => {
  const { base, lines, metrics } = await setup()
  for (let tenant = 0; tenant < 150; tenant++) await fetch(`${base}/below/t${tenant}/x`)
  await expect.poll(() => metrics.routes().length, { timeout: 10_000 }).toBe(101)
  const counts = await lines("http_request_duration_seconds_count")
  expect(counts).toHaveLength(101)
  expect(counts).toContain('http_request_duration_seconds_count{method="GET",route="other",status="2xx"} 50')
})

test("two applications in one process do not meet", async () => {
  const [one, two] = [await setup(), await setup()]
  await fetch(`${one.base}/users/1`)
  await counted(() => one.lines("http_request_duration_seconds_count")).toHaveLength(1)
  expect(await two.lines("http_request_duration_seconds_count")).toEqual([])
})
