import { createServer } from "node:http"
import express, { type ErrorRequestHandler } from "express"
import { expect, test } from "vitest"
import { AppError } from "../../../../app/backend/http/app-error.ts"
import { createMetrics } from "../../../../app/backend/metrics/metrics.ts"
import { metricsRouter } from "../../../../app/backend/metrics/router.ts"
import { listen } from "../health/listen.ts"

const answerError: ErrorRequestHandler = (error, _request, response, _next) => {
  if (error instanceof AppError) response.status(error.status).send(error.code)
}

async function serveMetrics(token: string | null) {
  const metrics = createMetrics({ processMetrics: true })
  const app = express().use(metricsRouter({ metrics, token })).use(answerError)
  const base = await listen(createServer(app))
  return (headers: Record<string, string> = {}) => fetch(`${base}/metrics?x=1`, { headers })
}

test("/metrics is Prometheus text with the metrics of the process, each line in the right form", async () => {
  const response = await (await serveMetrics(null))()
  expect(response.status).toBe(200)
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8")
  expect(response.headers.get("cache-control")).toBe("no-store")
  const text = await response.text()
  for (const name of [
    "process_cpu_seconds_total",
    "nodejs_eventloop_lag_p99_seconds",
    "process_resident_memory_bytes",
  ]) {
    expect(text).toMatch(new RegExp(`^# HELP ${name} .+\n# TYPE ${name} (counter|gauge)\n`, "m"))
  }
  for (const line of text.split("\n").filter(Boolean)) {
    expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? [-+.\dNaeInf]+)$/)
  }
})

test("with a token it is 401 without it, and says what is wanted", async () => {
  const get = await serveMetrics("s3cret")
  for (const headers of [{}, { authorization: "Bearer wrong" }]) {
    const refused = await get(headers)
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, "Bearer"])
    expect(await refused.text()).toBe("unauthorized")
  }
  expect((await get({ authorization: "Bearer s3cret" })).status).toBe(200)
})
