import { Counter, Gauge, Histogram, type Registry } from "prom-client"
import type { DependencyCheck } from "../health/schemas.ts"
import type { HealthSnapshot, ResultListener } from "../health/types.ts"

export interface HealthMetrics {
  /** To be called with every finished run of a check. */
  readonly onResult: ResultListener
  /** Where the gauges come from, each time that someone asks for the metrics. */
  watch(snapshot: () => HealthSnapshot): void
}

/** The state of the dependencies and the results of their checks. */
export function createHealthMetrics(registry: Registry): HealthMetrics {
  const registers = [registry]
  const runs = new Counter({
    name: "lockstep_health_check_runs_total",
    help: "Finished runs of a check by result: ok or the class of the error.",
    labelNames: ["dependency", "result"],
    registers,
  })
  const durations = new Histogram({
    name: "lockstep_health_check_duration_seconds",
    help: "How long the runs of a check took, failed ones included.",
    labelNames: ["dependency"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60],
    registers,
  })
  return {
    onResult(dependency, { errorClass, latencyMs }) {
      runs.inc({ dependency, result: errorClass ?? "ok" })
      if (latencyMs !== null) durations.observe({ dependency }, latencyMs / 1000)
    },
    watch(snapshot) {
      for (const gauge of gauges) addGauge(registry, gauge, snapshot)
    },
  }
}

interface DependencyGauge {
  readonly name: string
  readonly help: string
  /** Null leaves the dependency out. */
  read(dependency: DependencyCheck): number | null
}

const statusValues = { healthy: 1, degraded: 0.5, unhealthy: 0, disabled: null }
const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000)

const gauges: readonly DependencyGauge[] = [
  {
    name: "lockstep_dependency_status",
    help: "1 healthy, 0.5 degraded, 0 unhealthy. Disabled ones are missing.",
    read: ({ status }) => statusValues[status],
  },
  {
    name: "lockstep_dependency_latency_seconds",
    help: "How long the last run of the check took.",
    read: ({ latencyMs }) => seconds(latencyMs),
  },
  {
    name: "lockstep_dependency_check_age_seconds",
    help: "Time since the last result.",
    read: ({ ageMs }) => seconds(ageMs),
  },
  {
    name: "lockstep_dependency_circuit_open",
    help: "1 while the check backs off after failures in a row.",
    read: ({ status, circuit }) => (status === "disabled" ? null : circuit.state === "open" ? 1 : 0),
  },
]

function addGauge(
  registry: Registry,
  { name, help, read }: DependencyGauge,
  snapshot: () => HealthSnapshot,
): void {
  new Gauge({
    name,
    help,
    labelNames: ["dependency"],
    registers: [registry],
    collect() {
      this.reset()
      for (const dependency of snapshot().dependencies) {
        const value = read(dependency)
        if (value !== null) this.set({ dependency: dependency.name }, value)
      }
    },
  })
}
