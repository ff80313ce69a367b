import { expect, test } from "vitest"
import { createApp } from "../../../app/backend/app.ts"
import { loadConfig } from "../../../app/backend/config.ts"
import { createHealthRegistry } from "../../../app/backend/health/registry.ts"
import { createMetrics } from "../../../app/backend/metrics/metrics.ts"
import { captureLogs, serve } from "./support.ts"

const digest = `sha256:${"a".repeat(64)}`
const startedAt = new Date("2025-01-02T03:04:05.678Z")

async function serveApp(env: Record<string, string> = {}) {
  const loaded = loadConfig({ APP_ENV: "staging", ...env }, () => "")
  if (!loaded.ok) throw new Error("bad test configuration")
  const { logger } = captureLogs()
  const { config } = loaded
  const registry = createHealthRegistry({ ...config.health, checks: [], logger })
  const metrics = createMetrics({ processMetrics: false })
  const lifecycle = { phase: "ready" as const }
  return serve(createApp({ config, logger, registry, metrics, lifecycle, startedAt }))
}

test("/api/version says what runs", async () => {
  const base = await serveApp({ APP_DIGEST: digest, APP_COMMIT: "0123abc", APP_VERSION: "1.4.0" })
  const response = await fetch(`${base}/api/version?x=1`)
  expect(response.headers.get("cache-control")).toBe("no-store")
  expect(await response.json()).toEqual({
    commit: "0123abc",
    digest,
    version: "1.4.0",
    environment: "staging",
    startedAt: "2025-01-02T03:04:05.678Z",
  })
})

test("/api/version says null for what nobody told", async () => {
  const response = await fetch(`${await serveApp()}/api/version`)
  expect(await response.json()).toMatchObject({ commit: null, digest: null, version: null })
})

test("/health names service, environment and release", async () => {
  const response = await fetch(`${await serveApp({ APP_DIGEST: digest })}/health`)
  expect(await response.json()).toMatchObject({ service: "lockstep-backend", environment: "staging", digest })
})

test("with a token, /health and /metrics keep their details for those who bring it", async () => {
  const token = "0123456789abcdef"
  const base = await serveApp({ HEALTH_TOKEN: token, APP_DIGEST: digest })
  const ask = (path: string, headers = {}) => fetch(`${base}${path}`, { headers })
  const brief = (await (await ask("/health")).json()) as object
  expect(Object.keys(brief).sort()).toEqual(["status", "timestamp"])
  expect((await ask("/metrics")).status).toBe(401)
  const authorization = `Bearer ${token}`
  expect(await (await ask("/health", { authorization })).json()).toMatchObject({ digest })
  expect(await (await ask("/metrics", { authorization })).text()).toContain("http_requests_in_flight")
})

test("/metrics counts the requests by the pattern of their route", async () => {
  const base = await serveApp()
  for (const path of ["/api/version", "/api/version?x=1", "/nowhere/1", "/nowhere/2"])
    await fetch(base + path)
  const text = await (await fetch(`${base}/metrics`)).text()
  expect(text).toMatch(/route="\/api\/version".*status="2xx".* 2$/m)
  expect(text).toMatch(/route="unmatched".*status="4xx".* 2$/m)
  expect(text).not.toContain("nowhere")
})

test("answers do not name the framework and are not sniffed", async () => {
  const { headers } = await fetch(`${await serveApp()}/api/version`)
  expect(headers.get("x-powered-by")).toBeNull()
  expect(headers.get("x-content-type-options")).toBe("nosniff")
})

test("diagnostics are absent unless switched on", async () => {
  expect((await fetch(`${await serveApp()}/api/diagnostics/wait?ms=0`)).status).toBe(404)
  expect((await fetch(`${await serveApp({ DIAGNOSTICS: "on" })}/api/diagnostics/wait?ms=0`)).status).toBe(200)
})

test("diagnostics echo JSON, wait as told, and refuse a wait without end", async () => {
  const base = await serveApp({ DIAGNOSTICS: "on" })
  const headers = { "content-type": "application/json" }
  const echo = await fetch(`${base}/api/diagnostics/echo`, { method: "POST", headers, body: '{"a":[1]}' })
  expect(await echo.json()).toEqual({ echo: { a: [1] } })
  const start = performance.now()
  expect(await (await fetch(`${base}/api/diagnostics/wait?ms=60`)).json()).toEqual({ waitedMs: 60 })
  expect(performance.now() - start).toBeGreaterThanOrEqual(55)
  for (const ms of ["10001", "-1", "1.5", "x"]) {
    expect((await fetch(`${base}/api/diagnostics/wait?ms=${ms}`)).status, ms).toBe(400)
  }
})
