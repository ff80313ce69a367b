import { createServer } from "node:http"
import express from "express"
import fc from "fast-check"
import { expect, test } from "vitest"
import { createHealthRegistry, type HealthRegistry } from "../../../../app/backend/health/registry.ts"
import { healthRouter } from "../../../../app/backend/health/router.ts"
import { type ErrorClass, HealthAnswer, type Phase } from "../../../../app/backend/health/schemas.ts"
import { check, collectLines, fails, hangs, passes } from "./checks.ts"
import { listen } from "./listen.ts"
import { worst } from "./oracle.ts"
import { printedSeed } from "./seed.ts"
import { identity } from "./served.ts"

/** What one dependency does, whether it matters, and what its status must be. */
const kinds = {
  passes: { run: passes, mild: "healthy", grave: "healthy" },
  hangs: { run: hangs, mild: "degraded", grave: "unhealthy" },
  throws: { run: () => raise(), mild: "degraded", grave: "unhealthy" },
  rejects: { run: () => Promise.reject(null), mild: "degraded", grave: "unhealthy" },
  times_out: { run: fails("timeout" satisfies ErrorClass), mild: "degraded", grave: "unhealthy" },
  limits: { run: fails("rate_limited"), mild: "degraded", grave: "degraded" },
}

function raise(): never {
  throw new TypeError("at once")
}

const dependency = fc.record({
  kind: fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[])),
  critical: fc.boolean(),
})
type Dependency = typeof dependency extends fc.Arbitrary<infer T> ? T : never

const request = fc.record({
  dependencies: fc.array(dependency, { maxLength: 8 }),
  phase: fc.constantFrom<Phase>("starting", "ready", "ready", "ready", "draining"),
  path: fc.constantFrom("/health", "/health?x=1", "/health/ready", "/health/live"),
  method: fc.constantFrom("GET", "GET", "HEAD"),
})

function expectedStatus({ kind, critical }: Dependency) {
  return { status: kinds[kind][critical ? "grave" : "mild"], counts: critical || kind !== "hangs" }
}

function registryOf(dependencies: readonly Dependency[]): HealthRegistry {
  return createHealthRegistry({
    checks: dependencies.map(({ kind }, index) => check(`d${index}`, kinds[kind].run)),
    critical: dependencies.flatMap(({ critical }, index) => (critical ? [`d${index}`] : [])),
    logger: collectLines().logger,
    intervalMs: 60_000,
    timeoutMs: 60_000,
  })
}

/** A hanging dependency would hold an answer for a minute; a busy machine does for less than this. */
const budgetMs = 5000

const name = "Property 4, health: the answer is there in time and right, whatever the dependencies do"

test(name, { timeout: 120_000 }, async () => {
  let registry = registryOf([])
  const lifecycle: { phase: Phase } = { phase: "ready" }
  const present = {
    start: () => registry.start(),
    stop: () => registry.stop(),
    snapshot: () => registry.snapshot(),
  }
  const router = healthRouter({ registry: present, lifecycle, identity, token: null, routes: () => [] })
  const base = await listen(createServer(express().use(router)))
  await fc.assert(
    fc.asyncProperty(request, async ({ dependencies, phase, path, method }) => {
      registry = registryOf(dependencies)
      lifecycle.phase = phase
      registry.start()
      const response = await fetch(base + path, { method, signal: AbortSignal.timeout(budgetMs) })
      const text = await response.text()
      registry.stop()
      const known = worst(dependencies.map(expectedStatus))
      const status = path === "/health/live" ? "healthy" : phase === "ready" ? known : "unhealthy"
      expect(response.status).toBe(status === "unhealthy" ? 503 : 200)
      expect(method === "HEAD" ? text : JSON.parse(text).status).toBe(method === "HEAD" ? "" : status)
      if (method === "GET" && path === "/health") HealthAnswer.parse(JSON.parse(text))
    }),
    { numRuns: 1200, seed: printedSeed(name) },
  )
})
