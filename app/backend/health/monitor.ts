import { type LatencyWindow, roundMs } from "../metrics/latency-window.ts"
import { type Attempt, attemptCheck } from "./attempt.ts"
import { CheckError } from "./check-error.ts"
import { circuitAfter, jittered } from "./circuit.ts"
import type { Clock } from "./clock.ts"
import type { Circuit } from "./schemas.ts"
import type { CheckResult, HealthCheck } from "./types.ts"

export interface MonitorSettings {
  readonly clock: Clock
  readonly random: () => number
  readonly scope: <T>(work: () => T) => T
  readonly intervalMs: number
  readonly maxIntervalMs: number
  readonly failuresToOpen: number
  /** For one run. */
  readonly timeoutMs: number
}

/** What the last finished run found. */
export interface LastResult extends CheckResult {
  /** By the clock that never goes backwards. */
  readonly at: number
  readonly checkedAt: Date
}

export interface Monitor {
  readonly circuit: Circuit
  readonly last: LastResult | null
  /** Runs the check now and then again and again, until `stop`, which is for good. */
  start(): void
  stop(): void
}

/** Called after each run. `reason` is for the log only. */
type Report = (monitor: Monitor, before: LastResult | null, reason: string | undefined) => void

/** Refreshes one check in the background, one run at a time. */
export function createMonitor(
  check: HealthCheck,
  settings: MonitorSettings,
  latencies: LatencyWindow,
  report: Report,
): Monitor {
  const { clock, random, scope, timeoutMs } = settings
  const limits = check.backsOff ? settings : { ...settings, failuresToOpen: Number.POSITIVE_INFINITY }
  let phase: "new" | "running" | "stopped" = "new"
  let last: LastResult | null = null
  let failures = 0
  let current: Attempt | undefined
  let callOff = () => {}

  async function run(): Promise<void> {
    if (current) return finish(new CheckError("timeout", "the run before goes on"), null)
    const start = clock.now()
    const attempt = attemptCheck(check, timeoutMs, clock)
    current = attempt
    attempt.ended.then(() => {
      current = undefined
    })
    const error = await attempt.outcome
    if (phase === "running") finish(error, clock.now() - start)
  }

  function finish(error: CheckError | undefined, tookMs: number | null): void {
    const before = last
    const now = clock.now()
    const latencyMs = tookMs === null ? null : roundMs(tookMs)
    last = { errorClass: error?.errorClass ?? null, latencyMs, at: now, checkedAt: clock.date() }
    failures = error ? failures + 1 : 0
    if (tookMs !== null) latencies.add(tookMs, now)
    callOff = clock.after(jittered(monitor.circuit.intervalMs, random), () => scope(run))
    report(monitor, before, error?.reason)
  }

  const monitor: Monitor = {
    get circuit() {
      return circuitAfter(failures, limits)
    },
    get last() {
      return last
    },
    start() {
      if (phase !== "new" || !check.enabled) return
      phase = "running"
      scope(run)
    },
    stop() {
      phase = "stopped"
      callOff()
      current?.abort()
    },
  }
  return monitor
}
