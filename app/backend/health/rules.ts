import type { DependencyCheck, DependencyStatus, ErrorClass, HealthStatus } from "./schemas.ts"

// The dependency works, or the process does: taking it out of service would help nobody.
const neverWorseThanDegraded: ReadonlySet<ErrorClass> = new Set(["rate_limited", "event_loop_blocked"])

/** What is known about a dependency. */
export interface Knowledge {
  readonly enabled: boolean
  readonly critical: boolean
  readonly checked: boolean
  readonly stale: boolean
  readonly lastError: ErrorClass | null
}

/** The status of one dependency. Not checked yet or stale is not known, which counts as failed. */
export function dependencyStatus(known: Knowledge): DependencyStatus {
  if (!known.enabled) return "disabled"
  const unknown = !known.checked || known.stale
  if (!unknown && known.lastError === null) return "healthy"
  if (!known.critical) return "degraded"
  const mild = known.lastError !== null && neverWorseThanDegraded.has(known.lastError)
  return mild && !unknown ? "degraded" : "unhealthy"
}

/**
 * The worst of what counts. What is disabled does not, nor what is not critical and was never checked: a start
 * must not look like trouble.
 */
export function overallStatus(dependencies: readonly DependencyCheck[]): HealthStatus {
  const counting = dependencies.filter(({ critical, checkedAt }) => critical || checkedAt !== null)
  const statuses = counting.map(({ status }) => status)
  if (statuses.includes("unhealthy")) return "unhealthy"
  return statuses.includes("degraded") ? "degraded" : "healthy"
}
