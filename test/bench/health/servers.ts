import { createServer } from "node:http"
import { createRequire } from "node:module"
import type { AddressInfo } from "node:net"
import express from "express"
import { checkLlmApi } from "../../../app/backend/health/checks/llm-api.ts"
import { checkPinecone } from "../../../app/backend/health/checks/pinecone.ts"
import { createHealthRegistry } from "../../../app/backend/health/registry.ts"
import { healthRouter } from "../../../app/backend/health/router.ts"

// One server in a process of its own: `servers.ts KIND DEPENDENCY_URL`. Prints its port.

const timeoutMs = 2000
const key = "bench-key"

const answers: Record<string, string> = {
  "/v1/models": '{"data":[{"id":"bench-model"}]}',
  "/describe_index_stats": '{"namespaces":{},"dimension":3,"totalVectorCount":5}',
}

/** Both services that the checks ask, in one. */
const dependency = (hangs: boolean) =>
  createServer((request, response) => {
    if (!hangs) response.setHeader("Content-Type", "application/json").end(answers[request.url ?? ""])
  })

const checksAt = (url: string) => [
  checkPinecone({ apiKey: key, indexHost: url }),
  checkLlmApi({ apiKey: key, style: "openai", baseUrl: `${url}/v1`, model: "bench-model" }),
]

function ours(url: string) {
  const registry = createHealthRegistry({
    checks: checksAt(url),
    critical: [],
    logger: { info: () => {}, warn: () => {} },
    intervalMs: 30_000,
    timeoutMs,
  })
  registry.start()
  const identity = { service: "bench", environment: "bench", version: null, commit: null, digest: null }
  const lifecycle = { phase: "ready" as const }
  const router = healthRouter({ registry, lifecycle, identity, token: null, routes: () => [] })
  return createServer(express().use(router))
}

/** Terminus has no time limit of its own, so each check gets the one that ours have. */
function terminus(url: string) {
  const server = createServer(express())
  const run = () => Promise.all(checksAt(url).map(check => check.run(AbortSignal.timeout(timeoutMs))))
  const fromBench = createRequire(new URL("../package.json", import.meta.url))
  fromBench("@godaddy/terminus").createTerminus(server, { healthChecks: { "/health": run } })
  return server
}

const kinds = {
  "dependency-hangs": () => dependency(true),
  "dependency-answers": () => dependency(false),
  ours,
  terminus,
}
export type Kind = keyof typeof kinds

const [kind, url = ""] = process.argv.slice(2)
const server = kinds[kind as Kind](url)
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port))
