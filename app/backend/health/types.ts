import type { DependencyCheck, ErrorClass, HealthStatus } from "./schemas.ts"

/** One thing whose health is known by trying it. */
export interface HealthCheck {
  readonly name: string
  /** False when nothing is configured: it is never run, and shown as `disabled`. */
  readonly enabled: boolean
  /** Whether failures make the runs rarer. Sparing makes sense only for what is outside of the process. */
  readonly backsOff: boolean
  /**
   * Resolves when all is well, rejects with a CheckError when not. Should give up when the signal aborts: a run
   * that goes on is not repeated before it has ended, and the check stays at `timeout` until then.
   */
  run(signal: AbortSignal): Promise<void>
}

/** One finished run. `latencyMs` is null when the check could not be run, as the run before goes on. */
export interface CheckResult {
  readonly errorClass: ErrorClass | null
  readonly latencyMs: number | null
}

/** Is told of every finished run, for metrics. */
export type ResultListener = (name: string, result: CheckResult) => void

/** `status` is that of the dependencies alone; the phase of the process is not in it. */
export interface HealthSnapshot {
  readonly status: HealthStatus
  readonly dependencies: readonly DependencyCheck[]
}

/** The one thing that health needs from logging. */
export interface HealthLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}
