import { collectDefaultMetrics, Registry } from "prom-client"
import { createHealthMetrics, type HealthMetrics } from "./health-metrics.ts"
import { createHttpRecorder, type HttpRecorder, type RouteSummary } from "./http-recorder.ts"

export interface Metrics {
  readonly http: HttpRecorder
  readonly health: HealthMetrics
  /** How long the routes took of late. */
  routes(): RouteSummary[]
  /** All metrics in the text format of Prometheus. */
  text(): Promise<string>
  readonly contentType: string
}

export interface MetricsOptions {
  /** Memory, CPU, event loop and garbage collection of the process. Their observers cannot be stopped. */
  readonly processMetrics: boolean
}

/** The metrics of one application. Two of them in one process do not meet. */
export function createMetrics({ processMetrics }: MetricsOptions): Metrics {
  const registry = new Registry()
  if (processMetrics) collectDefaultMetrics({ register: registry })
  const http = createHttpRecorder(registry)
  return {
    http,
    health: createHealthMetrics(registry),
    routes: () => http.summaries(performance.now()),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
