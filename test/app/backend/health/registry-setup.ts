import { createHealthRegistry } from "../../../../app/backend/health/registry.ts"
import type { CheckResult, HealthCheck } from "../../../../app/backend/health/types.ts"
import { collectLines } from "./checks.ts"
import { createFakeClock } from "./fake-clock.ts"

export const intervalMs = 1000
export const timeoutMs = 100

/** A registry whose time stands still; `first` is what it says about the first check. */
export function setup(checks: HealthCheck[], critical: string[] = []) {
  const clock = createFakeClock()
  const { logger, lines } = collectLines()
  const results: [string, CheckResult][] = []
  const registry = createHealthRegistry({
    checks,
    critical,
    logger,
    intervalMs,
    timeoutMs,
    clock,
    random: () => 0.5,
    onResult: (name, { errorClass, latencyMs }) => results.push([name, { errorClass, latencyMs }]),
  })
  const first = () => registry.snapshot().dependencies[0]
  return { clock, registry, lines, results, first }
}
