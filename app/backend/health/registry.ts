import { createLatencyWindow, type LatencyWindow } from "../metrics/latency-window.ts"
import { type Clock, systemClock } from "./clock.ts"
import { createMonitor, type LastResult, type Monitor } from "./monitor.ts"
import { dependencyStatus, overallStatus } from "./rules.ts"
import type { DependencyCheck } from "./schemas.ts"
import type { HealthCheck, HealthLogger, HealthSnapshot, ResultListener } from "./types.ts"

export interface HealthRegistry {
  /** Runs every check at once and then in the background. Once is enough; does nothing after `stop`. */
  start(): void
  /** Ends the background runs for good and aborts those under way. Their results no longer count. */
  stop(): void
  /** What is known now. Runs nothing and waits for nothing. */
  snapshot(): HealthSnapshot
}

export interface RegistryOptions {
  readonly checks: readonly HealthCheck[]
  /** Names of the checks that the service is useless without. */
  readonly critical: readonly string[]
  readonly logger: HealthLogger
  /** Between the end of a run and the next one. */
  readonly intervalMs: number
  /** The time limit of one run. */
  readonly timeoutMs: number
  /** The longest interval of a check that keeps failing; four intervals unless told. */
  readonly maxIntervalMs?: number
  readonly onResult?: ResultListener
  /** Each run happens inside of it, so that it can get a correlation id of its own. */
  readonly scope?: <T>(work: () => T) => T
  readonly clock?: Clock
  /** From 0 up to 1; spreads the runs of many instances. */
  readonly random?: () => number
}

const failuresToOpen = 3
const latencyWindow = { size: 256, maxAgeMs: 3_600_000 }
const recentLatencies = 30

interface Entry {
  readonly check: HealthCheck
  readonly critical: boolean
  readonly monitor: Monitor
  readonly latencies: LatencyWindow
}

/**
 * Collects the checks and keeps their results.
 *
 * @throws when two checks share a name, or a critical one does not exist
 */
export function createHealthRegistry(options: RegistryOptions): HealthRegistry {
  refuseBadNames(options)
  const { clock = systemClock, timeoutMs } = options
  const entries = options.checks.map(check => createEntry(check, options, clock))
  return {
    start() {
      for (const { monitor } of entries) monitor.start()
    },
    stop() {
      for (const { monitor } of entries) monitor.stop()
    },
    snapshot() {
      const now = clock.now()
      const dependencies = entries.map(entry => describe(entry, entry.monitor.last, timeoutMs, now))
      return { status: overallStatus(dependencies), dependencies }
    },
  }
}

function refuseBadNames({ checks, critical }: RegistryOptions): void {
  const names = new Set(checks.map(check => check.name))
  if (names.size < checks.length) throw new Error("two health checks share a name")
  const unknown = critical.filter(name => !names.has(name))
  if (unknown.length > 0) throw new Error(`no health check is named ${unknown.join(", ")}`)
}

function createEntry(check: HealthCheck, options: RegistryOptions, clock: Clock): Entry {
  const { intervalMs, timeoutMs, maxIntervalMs = 4 * intervalMs, random = Math.random } = options
  const { scope = work => work(), onResult } = options
  const critical = options.critical.includes(check.name)
  const settings = { clock, random, scope, intervalMs, maxIntervalMs, failuresToOpen, timeoutMs }
  const latencies = createLatencyWindow(latencyWindow)
  const monitor = createMonitor(check, settings, latencies, (self, before, reason) => {
    if (self.last) onResult?.(check.name, self.last)
    logChange(options.logger, { check: check.name, critical, reason }, before, self.last)
  })
  return { check, critical, monitor, latencies }
}

function describe(entry: Entry, last: LastResult | null, timeoutMs: number, now: number): DependencyCheck {
  const { check, critical, latencies } = entry
  const { circuit } = entry.monitor
  const ageMs = last && Math.round(now - last.at)
  // The present interval: a check that is asked less often is not older than it should be.
  const stale = ageMs !== null && ageMs > 3 * circuit.intervalMs + timeoutMs
  const lastError = last?.errorClass ?? null
  return {
    name: check.name,
    status: dependencyStatus({ enabled: check.enabled, critical, checked: last !== null, stale, lastError }),
    critical,
    latencyMs: last?.latencyMs ?? null,
    checkedAt: last?.checkedAt.toISOString() ?? null,
    ageMs,
    stale,
    lastError,
    circuit,
    latency: latencies.summary(now),
    recentLatenciesMs: latencies.recent(recentLatencies, now),
  }
}

/** Logs a change once. The first result is news only when it is bad. */
function logChange(
  logger: HealthLogger,
  about: { readonly check: string; readonly critical: boolean; readonly reason: string | undefined },
  before: LastResult | null,
  after: LastResult | null,
): void {
  const [from, to] = [before?.errorClass ?? null, after?.errorClass ?? null]
  if (from === to) return
  const fields = { ...about, from: statusOf(about.critical, from), to: statusOf(about.critical, to) }
  const details = { ...fields, errorClass: to, latencyMs: after?.latencyMs ?? null }
  if (to === null) logger.info({ ...details, recoveredFrom: from }, "health check recovered")
  else logger.warn(details, "health check failed")
}

const statusOf = (critical: boolean, lastError: LastResult["errorClass"]) =>
  dependencyStatus({ enabled: true, critical, checked: true, stale: false, lastError })
