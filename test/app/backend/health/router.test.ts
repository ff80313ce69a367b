import express from "express"
import { describe, expect, test } from "vitest"
import { createHealthRegistry } from "../../../../app/backend/health/registry.ts"
import { healthRouter } from "../../../../app/backend/health/router.ts"
import type { HealthStatus } from "../../../../app/backend/health/types.ts"
import type { Phase } from "../../../../app/backend/lifecycle.ts"
import { captureLogs, serve } from "../support.ts"

async function healthOf(phase: Phase, database: HealthStatus = "pass") {
  const checks = [{ name: "database", critical: true, run: async () => ({ status: database }) }]
  const registry = createHealthRegistry({ checks, logger: captureLogs().logger, timeoutMs: 1000 })
  const lifecycle: { phase: Phase } = { phase }
  const identity = { service: "test", version: null }
  const base = await serve(express().use(healthRouter({ registry, lifecycle, identity })))
  return { get: (path: string) => fetch(base + path), lifecycle }
}

test("/health shows identity, uptime and every check with its latency", async () => {
  const { get } = await healthOf("ready")
  const response = await get("/health")
  expect(response.status).toBe(200)
  expect(response.headers.get("content-type")).toMatch(/^application\/health\+json/)
  expect(response.headers.get("cache-control")).toBe("no-store")
  expect(await response.json()).toMatchObject({
    status: "pass",
    service: "test",
    version: null,
    uptimeSeconds: expect.any(Number),
    checks: {
      lifecycle: { status: "pass", message: "ready" },
      database: {
        status: "pass",
        critical: true,
        latencyMs: expect.any(Number),
        checkedAt: expect.any(String),
      },
    },
  })
})

describe.each(["/health", "/health/ready"])("%s", path => {
  test.each(["", "/", "?x=1", "?verbose"])("is found with %j behind it", async suffix => {
    const { get } = await healthOf("ready")
    expect((await get(path + suffix)).status).toBe(200)
  })

  test.each(["starting", "draining"] as const)("is 503 while %s", async phase => {
    const { get } = await healthOf(phase)
    const response = await get(path)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ status: "fail", checks: { lifecycle: { message: phase } } })
  })

  test("is 503 when a critical check fails, and 200 when one warns", async () => {
    expect((await (await healthOf("ready", "fail")).get(path)).status).toBe(503)
    expect((await (await healthOf("ready", "warn")).get(path)).status).toBe(200)
  })

  test("sees a change of phase at once", async () => {
    const { get, lifecycle } = await healthOf("ready")
    expect((await get(path)).status).toBe(200)
    lifecycle.phase = "draining"
    expect((await get(path)).status).toBe(503)
  })
})

test("/health/live answers 200 while draining and with a failed dependency", async () => {
  const { get } = await healthOf("draining", "fail")
  const response = await get("/health/live?probe=1")
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ status: "pass", checks: {} })
})
