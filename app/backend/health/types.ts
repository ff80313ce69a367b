/** As in the IETF health draft: `warn` still takes traffic, `fail` does not. */
export type HealthStatus = "pass" | "warn" | "fail"

/** One thing whose health is known by trying it. */
export interface HealthCheck {
  readonly name: string
  /** Whether the service is useless without it. What is not critical can only degrade it to `warn`. */
  readonly critical: boolean
  /** Says how it is; a rejection counts as `fail`. Should give up when the signal aborts. */
  run(signal: AbortSignal): Promise<HealthFinding>
}

/** The message is shown to anyone who asks: no addresses, no keys. */
export interface HealthFinding {
  readonly status: HealthStatus
  readonly message?: string
}

export interface CheckReport extends HealthFinding {
  readonly critical: boolean
  readonly latencyMs: number
  /** ISO time of the end of the check. */
  readonly checkedAt: string
}

export interface HealthReport {
  readonly status: HealthStatus
  readonly checks: Readonly<Record<string, CheckReport>>
}

/** The one thing that health needs from logging. */
export interface HealthLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}
