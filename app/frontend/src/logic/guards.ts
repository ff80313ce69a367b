import type {
  BriefHealth,
  Dependency,
  HealthReport,
  Percentiles,
  RouteTimes,
  Status,
  VersionInfo,
} from "./health-types.ts"

type Guard<T> = (value: unknown) => value is T

const isText: Guard<string> = value => typeof value === "string"
const isNumber: Guard<number> = (value): value is number => Number.isFinite(value)
const isFlag: Guard<boolean> = value => typeof value === "boolean"

const statuses: readonly unknown[] = ["healthy", "degraded", "unhealthy"]
const isStatus: Guard<Status> = (value): value is Status => statuses.includes(value)
const isDependencyStatus: Guard<Status | "disabled"> = value => isStatus(value) || value === "disabled"

function orNull<T>(guard: Guard<T>): Guard<T | null> {
  return (value): value is T | null => value === null || guard(value)
}

function listOf<T>(guard: Guard<T>): Guard<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(guard)
}

/** Fields that are not named may hold anything: a newer backend must not break an older page. */
function shape<T>(fields: { readonly [K in keyof T]: Guard<T[K]> }): Guard<T> {
  const guards = Object.entries<Guard<unknown>>(fields)
  return (value): value is T =>
    isObject(value) && guards.every(([name, guard]) => guard(value[name] as unknown))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null
}

const percentiles = { count: isNumber, p50: isNumber, p95: isNumber, p99: isNumber }

const isDependency = shape<Dependency>({
  name: isText,
  status: isDependencyStatus,
  critical: isFlag,
  latencyMs: orNull(isNumber),
  ageMs: orNull(isNumber),
  stale: isFlag,
  lastError: orNull(isText),
  latency: orNull(shape<Percentiles>(percentiles)),
  recentLatenciesMs: listOf(isNumber),
})

export const isHealthReport: Guard<HealthReport> = shape<HealthReport>({
  status: isStatus,
  service: isText,
  environment: isText,
  version: orNull(isText),
  commit: orNull(isText),
  digest: orNull(isText),
  phase: isText,
  uptimeSeconds: isNumber,
  dependencies: listOf(isDependency),
  routes: listOf(shape<RouteTimes>({ route: isText, ...percentiles })),
})

const hasBriefFields = shape<BriefHealth>({ status: isStatus, timestamp: isText })

/** A report with a broken list is no brief answer: it is a wrong one. */
export const isBriefHealth: Guard<BriefHealth> = (value): value is BriefHealth =>
  hasBriefFields(value) && !("dependencies" in value)

export const isVersionInfo: Guard<VersionInfo> = shape<VersionInfo>({
  commit: orNull(isText),
  digest: orNull(isText),
  version: orNull(isText),
  environment: isText,
  startedAt: isText,
})
