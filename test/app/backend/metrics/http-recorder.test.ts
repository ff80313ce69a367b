import { Registry } from "prom-client"
import { expect, test } from "vitest"
import { createHttpRecorder } from "../../../../app/backend/metrics/http-recorder.ts"

function setup() {
  const registry = new Registry()
  return { registry, recorder: createHttpRecorder(registry) }
}

test("no request is lost or counted twice, however many come before someone asks", async () => {
  const { registry, recorder } = setup()
  for (let i = 0; i < 700; i++) recorder.end("GET", "/x", "2xx", 5, 0)
  expect(recorder.summaries(0)).toEqual([{ route: "GET /x", count: 700, p50: 5, p95: 5, p99: 5 }])
  const text = await registry.metrics()
  expect(text).toContain('http_request_duration_seconds_count{method="GET",route="/x",status="2xx"} 700\n')
  expect(text).toContain(
    'http_request_duration_seconds_bucket{le="0.005",method="GET",route="/x",status="2xx"} 700\n',
  )
  expect(text).toContain(
    'http_request_duration_seconds_bucket{le="0.0025",method="GET",route="/x",status="2xx"} 0\n',
  )
})

test("a route that nobody asked for in five minutes is left out", () => {
  const { recorder } = setup()
  recorder.end("GET", "/b", "2xx", 1, 0)
  recorder.end("GET", "/a", "2xx", 1, 1)
  expect(recorder.summaries(300_000).map(({ route }) => route)).toEqual(["GET /a", "GET /b"])
  expect(recorder.summaries(300_001).map(({ route }) => route)).toEqual(["GET /a"])
})
