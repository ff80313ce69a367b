import { createServer, request } from "node:http"
import express from "express"
import { createHealthRegistry } from "../../../../app/backend/health/registry.ts"
import { healthRouter } from "../../../../app/backend/health/router.ts"
import type { Phase, RouteLatency } from "../../../../app/backend/health/schemas.ts"
import type { HealthCheck } from "../../../../app/backend/health/types.ts"
import { collectLines } from "./checks.ts"
import { listen } from "./listen.ts"

export const identity = {
  service: "test",
  environment: "staging",
  version: "1.2.3",
  commit: null,
  digest: `sha256:${"a".repeat(64)}`,
}

export interface ServedOptions {
  readonly checks?: HealthCheck[]
  readonly critical?: string[]
  readonly phase?: Phase
  readonly token?: string | null
  readonly routes?: RouteLatency[]
}

/** The health routes on a real port, with the checks running. */
export async function serveHealth(options: ServedOptions = {}) {
  const { checks = [], critical = [], phase = "ready", token = null, routes = [] } = options
  const { logger } = collectLines()
  const registry = createHealthRegistry({ checks, critical, logger, intervalMs: 60_000, timeoutMs: 30_000 })
  const lifecycle = { phase }
  const router = healthRouter({ registry, lifecycle, identity, token, routes: () => routes })
  const base = await listen(createServer(express().disable("etag").use(router)))
  registry.start()
  const get = (path: string, headers: Record<string, string> = {}) => fetch(base + path, { headers })
  return { base, get, lifecycle, registry }
}

/** The status and headers of a HEAD request, and whatever came as a body, which fetch would hide. */
export function head(url: string): Promise<{ status?: number; length?: string; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "HEAD" }, async response => {
      const body = (await response.toArray()).join("")
      const { statusCode = 0, headers } = response
      resolve({ status: statusCode, length: headers["content-length"] ?? "", body })
    })
    sent.once("error", reject).end()
  })
}
