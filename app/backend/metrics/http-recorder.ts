import { Gauge, Histogram, type Registry } from "prom-client"
import { createLatencyWindow, type LatencyWindow } from "./latency-window.ts"

/** How long requests to one route took of late; the route has its method in front. */
export interface RouteSummary {
  readonly route: string
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

export interface HttpRecorder {
  begin(): void
  /** `at` is when the request ended, by a clock that never goes back. */
  end(method: string, route: string, status: string, durationMs: number, at: number): void
  /** Of the window, sorted by route; routes that nobody asked for of late are left out. */
  summaries(now: number): RouteSummary[]
}

const window = { size: 1000, maxAgeMs: 300_000 }
// A router that is mounted below a parameter has as many routes as callers like.
const maxRoutes = 100
const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const batchSize = 256

/**
 * Counts and times requests, for Prometheus and for the percentiles of /health. Keeps samples until there are many
 * or someone asks: prom-client takes several times as long for one observation now and then as for one of a batch.
 */
export function createHttpRecorder(registry: Registry): HttpRecorder {
  let inFlight = 0
  let batched = 0
  const batch = createBatch(batchSize)
  const windows = new Map<string, LatencyWindow>()
  const durations = createInstruments(registry, flush, () => inFlight)

  function flush(): void {
    for (let i = 0; i < batched; i++) {
      const [method = "", route = "", status = ""] = [batch.methods[i], batch.routes[i], batch.statuses[i]]
      const durationMs = batch.durationsMs[i] ?? 0
      const [label, latencies] = windowOf(method, route)
      latencies.add(durationMs, batch.times[i] ?? 0)
      durations.observe({ method, route: label, status }, durationMs / 1000)
    }
    batched = 0
  }

  // The answer tells which name to use: routes beyond the limit share one.
  function windowOf(method: string, route: string): [string, LatencyWindow] {
    const known = windows.get(`${method} ${route}`)
    if (known) return [route, known]
    if (windows.size >= maxRoutes && route !== "other") return windowOf(method, "other")
    const created = createLatencyWindow(window)
    windows.set(`${method} ${route}`, created)
    return [route, created]
  }

  return {
    begin() {
      inFlight += 1
    },
    end(method, route, status, durationMs, at) {
      inFlight -= 1
      batch.methods[batched] = method
      batch.routes[batched] = route
      batch.statuses[batched] = status
      batch.durationsMs[batched] = durationMs
      batch.times[batched] = at
      batched += 1
      if (batched === batchSize) flush()
    },
    summaries(now) {
      flush()
      return [...windows].sort(byName).flatMap(([route, latencies]) => {
        const summary = latencies.summary(now)
        return summary ? [{ route, ...summary }] : []
      })
    },
  }
}

// Columns, because an object for each request is what the garbage collector would feel.
const createBatch = (size: number) => ({
  methods: new Array<string>(size),
  routes: new Array<string>(size),
  statuses: new Array<string>(size),
  durationsMs: new Float64Array(size),
  times: new Float64Array(size),
})

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1)

function createInstruments(registry: Registry, flush: () => void, inFlight: () => number) {
  const registers = [registry]
  new Gauge({
    name: "http_requests_in_flight",
    help: "Requests whose answer is not over yet.",
    registers,
    collect() {
      this.set(inFlight())
    },
  })
  return new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from the arrival of a request to the end of its answer.",
    labelNames: ["method", "route", "status"],
    buckets: secondsBuckets,
    registers,
    collect: flush,
  })
}
