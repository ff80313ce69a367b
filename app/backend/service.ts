import { randomUUID } from "node:crypto"
import { createApp } from "./app.ts"
import type { Config } from "./config.ts"
import { checkEventLoop } from "./health/checks/event-loop.ts"
import { checkLlmApi } from "./health/checks/llm-api.ts"
import { checkPinecone } from "./health/checks/pinecone.ts"
import { createHealthRegistry, type HealthRegistry } from "./health/registry.ts"
import { createLifecycle } from "./lifecycle.ts"
import { correlationHeaders, runInContext } from "./logging/context.ts"
import type { Logger } from "./logging/logger.ts"
import { createMetrics, type Metrics } from "./metrics/metrics.ts"
import { type RunningServer, startServer } from "./server.ts"

/** Starts everything that the service consists of. Rejects when the address cannot be had. */
export async function startService(config: Config, logger: Logger): Promise<RunningServer> {
  const lifecycle = createLifecycle()
  const metrics = createMetrics({ processMetrics: true })
  const registry = createRegistry(config, logger, metrics)
  const app = createApp({ config, logger, registry, metrics, lifecycle, startedAt: new Date() })
  registry.start()
  const server = await startServer({ ...config, listener: app, lifecycle, logger })
  return {
    port: server.port,
    async stop() {
      const outcome = await server.stop()
      registry.stop()
      return outcome
    },
  }
}

function createRegistry(config: Config, logger: Logger, metrics: Metrics): HealthRegistry {
  const outgoing = { headers: correlationHeaders }
  const registry = createHealthRegistry({
    ...config.health,
    checks: [checkEventLoop(), checkPinecone(config.pinecone, outgoing), checkLlmApi(config.llm, outgoing)],
    logger,
    onResult: metrics.health.onResult,
    // No request asks for a background check, so it gets an id of its own.
    scope: work => runInContext({ correlationId: randomUUID() }, work),
  })
  metrics.health.watch(() => registry.snapshot())
  return registry
}
