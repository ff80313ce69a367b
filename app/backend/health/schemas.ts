import * as z from "zod"

// The schemas are the contract of the answers: strict, so that a field that nobody described fails a test.

export const HealthStatus = z.enum(["healthy", "degraded", "unhealthy"])
export type HealthStatus = z.infer<typeof HealthStatus>

/** `disabled`: nothing is configured, so there is nothing to check. It does not count. */
export const DependencyStatus = z.enum([...HealthStatus.options, "disabled"])
export type DependencyStatus = z.infer<typeof DependencyStatus>

/** Why a check failed. docs/health.md says for each what it means and what to do. */
export const ErrorClass = z.enum([
  "unauthorized",
  "rate_limited",
  "timeout",
  "unreachable",
  "tls",
  "server_error",
  "bad_response",
  "index_not_found",
  "model_not_found",
  "event_loop_blocked",
  "internal_error",
])
export type ErrorClass = z.infer<typeof ErrorClass>

const milliseconds = z.number().nonnegative()

export const LatencySummary = z.strictObject({
  count: z.int().positive(),
  p50: milliseconds,
  p95: milliseconds,
  p99: milliseconds,
})
export type LatencySummary = z.infer<typeof LatencySummary>

const Circuit = z.strictObject({
  state: z.enum(["closed", "open"]),
  consecutiveFailures: z.int().nonnegative(),
  /** The present time between two runs, without jitter. */
  intervalMs: milliseconds,
})
export type Circuit = z.infer<typeof Circuit>

export const DependencyCheck = z.strictObject({
  name: z.string().min(1),
  status: DependencyStatus,
  critical: z.boolean(),
  latencyMs: milliseconds.nullable(),
  checkedAt: z.iso.datetime().nullable(),
  ageMs: milliseconds.nullable(),
  stale: z.boolean(),
  lastError: ErrorClass.nullable(),
  circuit: Circuit,
  latency: LatencySummary.nullable(),
  recentLatenciesMs: z.array(milliseconds).max(30),
})
export type DependencyCheck = z.infer<typeof DependencyCheck>

export const RouteLatency = z.strictObject({ route: z.string(), ...LatencySummary.shape })
export type RouteLatency = z.infer<typeof RouteLatency>

export const Phase = z.enum(["starting", "ready", "draining"])
export type Phase = z.infer<typeof Phase>

/** What runs; null stands for what nobody told the process. */
const identity = {
  service: z.string(),
  environment: z.string(),
  version: z.string().nullable(),
  commit: z.string().nullable(),
  digest: z.string().nullable(),
}
export const Identity = z.strictObject(identity)
export type Identity = z.infer<typeof Identity>

/** `GET /health` as application/json, with all details. */
export const HealthAnswer = z.strictObject({
  status: HealthStatus,
  ...identity,
  phase: Phase,
  uptimeSeconds: z.int().nonnegative(),
  timestamp: z.iso.datetime(),
  dependencies: z.array(DependencyCheck),
  routes: z.array(RouteLatency),
})
export type HealthAnswer = z.infer<typeof HealthAnswer>

/** `GET /health` for a caller without the token. */
export const BriefAnswer = z.strictObject({ status: HealthStatus, timestamp: z.iso.datetime() })

export const ReadyAnswer = z.strictObject({ status: HealthStatus, phase: Phase })
export const LiveAnswer = z.strictObject({ status: z.literal("healthy") })
