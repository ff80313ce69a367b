import { describe, expect, onTestFinished, test } from "vitest"
import { IetfAnswer, IetfBrief } from "../../../../app/backend/health/ietf-schemas.ts"
import { BriefAnswer, HealthAnswer, LiveAnswer, ReadyAnswer } from "../../../../app/backend/health/schemas.ts"
import { check, fails, hangs, passes } from "./checks.ts"
import { settle } from "./fake-clock.ts"
import { head, identity, type ServedOptions, serveHealth } from "./served.ts"

const ietf = { accept: "application/health+json" }

async function healthOf(options: ServedOptions = {}) {
  const served = await serveHealth(options)
  onTestFinished(() => served.registry.stop())
  await settle()
  return served
}

const mixed = {
  checks: [
    check("good", passes),
    check("bad", fails("unauthorized")),
    check("hung", hangs),
    { ...check("off", passes), enabled: false },
  ],
  routes: [{ route: "GET /x", count: 3, p50: 1, p95: 2, p99: 3 }],
}

test("/health shows identity, phase, uptime, every dependency and the routes", async () => {
  const { get } = await healthOf(mixed)
  const response = await get("/health")
  expect(response.status).toBe(200)
  expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8")
  const answer = HealthAnswer.parse(await response.json())
  expect(answer).toMatchObject({ status: "degraded", ...identity, phase: "ready", routes: mixed.routes })
  expect(answer.dependencies).toMatchObject([
    { name: "good", status: "healthy", lastError: null, latency: { count: 1 } },
    { name: "bad", status: "degraded", lastError: "unauthorized" },
    { name: "hung", status: "degraded", checkedAt: null, ageMs: null },
    { name: "off", status: "disabled", checkedAt: null },
  ])
})

test("/health is in the shape of the IETF draft for whoever prefers that", async () => {
  const { get } = await healthOf(mixed)
  const response = await get("/health", ietf)
  expect(response.headers.get("content-type")).toMatch(/^application\/health\+json/)
  const answer = IetfAnswer.parse(await response.json())
  expect(answer).toMatchObject({
    status: "warn",
    serviceId: "test",
    version: "1.2.3",
    releaseId: identity.digest,
    notes: ["environment staging", "phase ready"],
    checks: {
      uptime: [{ status: "pass", observedUnit: "s" }],
      "good:responseTime": [{ status: "pass", observedUnit: "ms", time: expect.any(String) }],
      "bad:responseTime": [{ status: "warn", output: "unauthorized" }],
      "hung:responseTime": [{ status: "warn", output: "not checked yet" }],
    },
  })
  expect(Object.keys(answer.checks)).not.toContain("off:responseTime")
})

test.each([
  ["*/*", "application/json"],
  ["application/*", "application/json"],
  ["text/html", "application/json"],
  ["application/json, application/health+json;q=0.9", "application/json"],
  ["application/health+json;q=0", "application/json"],
  ["application/health+json", "application/health+json"],
  ["application/health+json, application/json;q=0.5", "application/health+json"],
  ["application/json;q=0.1, application/health+json", "application/health+json"],
])("Accept: %s gets %s", async (accept, type) => {
  const { get } = await healthOf()
  for (const path of ["/health", "/health/ready", "/health/live"]) {
    expect((await get(path, { accept })).headers.get("content-type")).toBe(`${type}; charset=utf-8`)
  }
})

describe.each(["/health", "/health/ready"])("%s", path => {
  test.each(["", "/", "?x=1", "?verbose"])("is found with %j behind it", async suffix => {
    const { get } = await healthOf()
    expect((await get(path + suffix)).status).toBe(200)
  })

  test.each(["starting", "draining"] as const)("is 503 while %s", async phase => {
    const { get } = await healthOf({ phase })
    const response = await get(path)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ status: "unhealthy", phase })
    expect(IetfAnswer.or(IetfBrief).parse(await (await get(path, ietf)).json()).status).toBe("fail")
  })

  test.each([
    ["a critical dependency fails", fails("unreachable"), ["a"], 503, "unhealthy"],
    ["a critical dependency was never checked", hangs, ["a"], 503, "unhealthy"],
    ["a critical dependency limits the rate", fails("rate_limited"), ["a"], 200, "degraded"],
    ["another dependency fails", fails("unreachable"), [], 200, "degraded"],
    ["another dependency was never checked", hangs, [], 200, "healthy"],
  ])("when %s", async (_, run, critical, code, status) => {
    const { get } = await healthOf({ checks: [check("a", run)], critical })
    const response = await get(path)
    expect(response.status).toBe(code)
    expect(await response.json()).toMatchObject({ status })
  })

  test("sees a change of phase at once", async () => {
    const { get, lifecycle } = await healthOf()
    expect((await get(path)).status).toBe(200)
    lifecycle.phase = "draining"
    expect((await get(path)).status).toBe(503)
  })
})

test("/health/ready says no more than status and phase", async () => {
  const { get } = await healthOf(mixed)
  expect(ReadyAnswer.parse(await (await get("/health/ready")).json())).toEqual({
    status: "degraded",
    phase: "ready",
  })
  expect(IetfBrief.parse(await (await get("/health/ready", ietf)).json())).toEqual({ status: "warn" })
})

test("/health/live answers 200 while draining and with a failed dependency", async () => {
  const { get } = await healthOf({
    phase: "draining",
    checks: [check("a", fails("timeout"))],
    critical: ["a"],
  })
  const response = await get("/health/live?probe=1")
  expect(response.status).toBe(200)
  expect(LiveAnswer.parse(await response.json())).toEqual({ status: "healthy" })
  expect(IetfBrief.parse(await (await get("/health/live", ietf)).json())).toEqual({ status: "pass" })
})

test("answers are not stored and name what they depend on", async () => {
  const [open, closed] = [await healthOf(), await healthOf({ token: "s3cret" })]
  for (const path of ["/health", "/health/ready", "/health/live"]) {
    const { headers } = await open.get(path)
    expect([headers.get("cache-control"), headers.get("vary")]).toEqual(["no-store", "Accept"])
  }
  expect((await closed.get("/health")).headers.get("vary")).toBe("Accept, Authorization")
})

test("HEAD tells the same without a body", async () => {
  const { base, get } = await healthOf({ phase: "draining" })
  for (const path of ["/health/ready", "/health/live"]) {
    const whole = await get(path)
    const { status, length, body } = await head(base + path)
    expect([status, length, body]).toEqual([whole.status, whole.headers.get("content-length"), ""])
  }
  expect(await head(`${base}/health?x=1`)).toMatchObject({ status: 503, body: "" })
})

describe("with a token", () => {
  const options = { token: "s3cret", checks: [check("a", fails("timeout"))], critical: ["a"] }
  const bearer = { authorization: "Bearer s3cret" }

  test("a caller who brings it sees the details", async () => {
    const { get } = await healthOf(options)
    expect(HealthAnswer.parse(await (await get("/health", bearer)).json()).dependencies).toHaveLength(1)
    const asIetf = await get("/health", { ...bearer, ...ietf })
    expect(IetfAnswer.parse(await asIetf.json()).checks).toHaveProperty("a:responseTime")
  })

  test.each([{}, { authorization: "Bearer wrong" }])(
    "one with %j sees the status and the time",
    async headers => {
      const { get } = await healthOf(options)
      const response = await get("/health", headers)
      expect(response.status).toBe(503)
      expect(BriefAnswer.parse(await response.json())).toMatchObject({ status: "unhealthy" })
      const asIetf = await get("/health", { ...headers, ...ietf })
      expect(IetfBrief.parse(await asIetf.json())).toEqual({ status: "fail" })
    },
  )

  test("readiness and liveness need none", async () => {
    const { get } = await healthOf({ token: "s3cret" })
    expect((await get("/health/ready")).status).toBe(200)
    expect((await get("/health/live")).status).toBe(200)
  })
})
