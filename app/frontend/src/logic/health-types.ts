/** The backend's answers, as far as the page reads them. */

export type Status = "healthy" | "degraded" | "unhealthy"

/** Milliseconds. */
export interface Percentiles {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

export interface Dependency {
  readonly name: string
  readonly status: Status | "disabled"
  readonly critical: boolean
  readonly latencyMs: number | null
  /** Milliseconds since the check, when the answer was written. */
  readonly ageMs: number | null
  readonly stale: boolean
  /** A code such as `timeout`. */
  readonly lastError: string | null
  readonly latency: Percentiles | null
  /** Oldest first. */
  readonly recentLatenciesMs: readonly number[]
}

export interface RouteTimes extends Percentiles {
  readonly route: string
}

/** `GET /health` for those who may see everything. */
export interface HealthReport {
  readonly status: Status
  readonly service: string
  readonly environment: string
  readonly version: string | null
  readonly commit: string | null
  readonly digest: string | null
  readonly phase: string
  readonly uptimeSeconds: number
  readonly dependencies: readonly Dependency[]
  readonly routes: readonly RouteTimes[]
}

/** `GET /health` when a token is configured and none, or a wrong one, was sent. */
export interface BriefHealth {
  readonly status: Status
  readonly timestamp: string
}

/** `GET /api/version`. */
export interface VersionInfo {
  readonly commit: string | null
  readonly digest: string | null
  readonly version: string | null
  readonly environment: string
  /** ISO time. */
  readonly startedAt: string
}
