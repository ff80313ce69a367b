import { createServer } from "node:http"
import express from "express"
import { expect, onTestFinished, test } from "vitest"
import { checkLlmApi } from "../../../../app/backend/health/checks/llm-api.ts"
import { checkPinecone } from "../../../../app/backend/health/checks/pinecone.ts"
import { createHealthRegistry } from "../../../../app/backend/health/registry.ts"
import { healthRouter } from "../../../../app/backend/health/router.ts"
import { HealthAnswer } from "../../../../app/backend/health/schemas.ts"
import { createMetrics } from "../../../../app/backend/metrics/metrics.ts"
import { collectLines } from "./checks.ts"
import { llmKey, startFakeLlmApi } from "./fake-llm-api.ts"
import { pineconeKey, startFakePinecone } from "./fake-pinecone.ts"
import { bodySecret } from "./faults.ts"
import { listen } from "./listen.ts"
import { identity } from "./served.ts"

/** Both checks against servers that check keys, in the background, with Pinecone critical. */
async function start() {
  const [pinecone, llm] = [await startFakePinecone(), await startFakeLlmApi()]
  const { logger, lines } = collectLines()
  const metrics = createMetrics({ processMetrics: false })
  let runs = 0
  const outgoing = { headers: () => ({ "x-request-id": `run-${++runs}` }) }
  const registry = createHealthRegistry({
    checks: [
      checkPinecone({ apiKey: pineconeKey, indexHost: pinecone.indexHost }, outgoing),
      checkLlmApi({ apiKey: llmKey, style: "anthropic", baseUrl: llm.baseUrl, model: "model-5" }, outgoing),
    ],
    critical: ["pinecone"],
    logger,
    intervalMs: 100,
    timeoutMs: 3000,
    onResult: metrics.health.onResult,
  })
  metrics.health.watch(registry.snapshot)
  const lifecycle = { phase: "ready" as const }
  const router = healthRouter({ registry, lifecycle, identity, token: null, routes: metrics.routes })
  const base = await listen(createServer(express().use(router)))
  registry.start()
  onTestFinished(() => registry.stop())
  const health = async () => HealthAnswer.parse(await (await fetch(`${base}/health`)).json())
  const errors = async () => {
    const { status, dependencies } = await health()
    return [status, ...dependencies.map(each => each.lastError)]
  }
  const ready = async () => (await fetch(`${base}/health/ready`)).status
  return { pinecone, llm, lines, metrics, health, errors, ready }
}

test("what happens to the services outside is seen, logged, counted and forgotten again", {
  timeout: 60_000,
}, async () => {
  const { pinecone, llm, lines, metrics, health, errors, ready } = await start()
  const soon = { timeout: 10_000 }
  await expect.poll(ready, soon).toBe(200)
  await expect.poll(errors, soon).toEqual(["healthy", null, null])

  llm.become({ kind: "status", status: 401 })
  await expect.poll(errors, soon).toEqual(["degraded", null, "unauthorized"])
  expect(await ready()).toBe(200)

  pinecone.become({ kind: "hang" })
  await expect.poll(errors, soon).toEqual(["unhealthy", "timeout", "unauthorized"])
  expect(await ready()).toBe(503)

  pinecone.become({ kind: "status", status: 429 })
  await expect.poll(errors, soon).toEqual(["degraded", "rate_limited", "unauthorized"])
  expect(await ready()).toBe(200)

  pinecone.become(undefined)
  llm.become(undefined)
  await expect.poll(errors, soon).toEqual(["healthy", null, null])

  expect(lines.filter(({ check }) => check === "pinecone").map(({ errorClass }) => errorClass)).toEqual([
    "timeout",
    "rate_limited",
    null,
  ])
  const text = await metrics.text()
  expect(text).toMatch(/runs_total\{dependency="llm-api",result="unauthorized"\} [1-9]/)
  expect(pinecone.seen[0]?.headers["x-request-id"]).toMatch(/^run-\d+$/)
  const everything = JSON.stringify([lines, await health(), text])
  for (const secret of [pineconeKey, llmKey, bodySecret, "127.0.0.1"])
    expect(everything).not.toContain(secret)
})
