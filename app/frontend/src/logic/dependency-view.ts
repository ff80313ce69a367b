import { formatAge, formatLatency, noValue } from "./durations.ts"
import type { Dependency, RouteTimes } from "./health-types.ts"
import { describeDependency, statusWords } from "./words.ts"

/** One row of the table, in words. */
export interface DependencyView {
  readonly name: string
  readonly tone: Dependency["status"]
  readonly state: string
  readonly critical: boolean
  readonly error: string
  readonly latency: string
  readonly age: string
  readonly p50: string
  readonly p95: string
  readonly p99: string
  readonly recent: readonly number[]
  /** The sparkline for those who do not see it. */
  readonly recentText: string
}

/** @param elapsedMs since the answer was received */
export function viewDependency(dependency: Dependency, elapsedMs: number): DependencyView {
  const { name, status, critical, ageMs, stale, latency, recentLatenciesMs } = dependency
  return {
    name,
    tone: status,
    state: statusWords[status],
    critical,
    error: describeDependency(dependency),
    latency: formatLatency(dependency.latencyMs),
    age: ageMs === null ? "" : `${formatAge(ageMs + elapsedMs)}${stale ? ", overdue" : ""}`,
    p50: formatLatency(latency?.p50 ?? null),
    p95: formatLatency(latency?.p95 ?? null),
    p99: formatLatency(latency?.p99 ?? null),
    recent: recentLatenciesMs,
    recentText: describeRecent(recentLatenciesMs),
  }
}

function describeRecent(values: readonly number[]): string {
  const last = values.at(-1)
  if (last === undefined) return noValue
  const range = `${formatLatency(Math.min(...values))} to ${formatLatency(Math.max(...values))}`
  return `Last ${values.length} checks: ${range}, newest ${formatLatency(last)}`
}

const shownRoutes = 8

/** The slowest first, by the time that one request of twenty exceeds. */
export function slowestRoutes(routes: readonly RouteTimes[]): readonly RouteTimes[] {
  return routes.toSorted((one, other) => other.p95 - one.p95).slice(0, shownRoutes)
}
