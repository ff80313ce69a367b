import { bars, growth, type Panel, spans } from "./panels.ts"

export interface Chart {
  readonly title: string
  readonly panels: readonly Panel[]
  /** What measures, where it is no benchmark of `npm run bench`. */
  readonly command?: string
}

const releases = [
  spans("milliseconds of a request; each line is ten times the one before", "p50 ms", "p99 ms"),
  bars({
    meaning: "seconds from the call of the release",
    series: [
      { column: "all new after, s", name: "all replicas are new" },
      { column: "whole, s", name: "the release is over" },
    ],
  }),
]

const lockstep = { rows: /^Lockstep|^… at level info/, names: ["others", "Lockstep"] } as const

/** The charts of docs/benchmarks.md, by the names of their tables. */
export const charts: Record<string, Chart> = {
  fresh: {
    title: "First run on a fresh machine",
    command: "LOCKSTEP_WRITE_BENCHMARKS=1 npm run test:fresh",
    panels: [
      bars({
        meaning: "seconds, the whole command",
        series: [{ column: "the command in all" }],
        eachColumn: true,
      }),
      bars({
        meaning: "seconds of the first npm start, steps of one second and more; some run side by side",
        series: [{ column: "npm start" }],
        without: "the command in all",
        atLeast: 1,
      }),
    ],
  },
  scan: {
    title: "Security scan",
    panels: [
      bars({
        meaning: "seconds",
        series: [{ column: "s" }],
        ours: { rows: /^security-scan/, names: ["by hand", "dagger call security-scan"] },
      }),
    ],
  },
  cache: {
    title: "The engine's cache in CI",
    command: "LOCKSTEP_WRITE_BENCHMARKS=1 npx vitest run --project fresh test/fresh/cache.test.ts",
    panels: [
      bars({
        meaning: "seconds of a job on an engine that has nothing",
        series: [
          { column: "without a cache, s", name: "without a cache" },
          { column: "with the cache, s", name: "with the cache" },
        ],
      }),
    ],
  },
  calls: {
    title: "Whole dagger commands",
    panels: [
      bars({
        meaning: "seconds: median, and the range from minimum to maximum",
        series: [{ column: "median s", range: ["min s", "max s"] }],
      }),
    ],
  },
  build: {
    title: "Building the three images",
    panels: [
      bars({
        meaning: "seconds, median",
        series: [
          { column: "dagger call build, s", name: "dagger call build" },
          { column: "docker build, s", name: "docker build" },
        ],
      }),
    ],
  },
  sizes: {
    title: "Image sizes",
    panels: [
      bars({ meaning: "own content, compressed, kB", series: [{ column: "own content, compressed, kB" }] }),
      bars({
        meaning: "the whole image, MB",
        series: [
          { column: "whole, as pulled, MB", name: "as pulled" },
          { column: "whole, uncompressed, MB", name: "uncompressed" },
        ],
      }),
    ],
  },
  http: {
    title: "Requests to /health/live",
    panels: [
      bars({
        meaning: "requests a second: median, and the range from minimum to maximum",
        series: [{ column: "median", range: ["requests a second, min", "max"] }],
        ours: lockstep,
      }),
      bars({
        meaning: "processor time of one request, µs, median",
        series: [{ column: "processor, µs a request" }],
        ours: lockstep,
      }),
    ],
  },
  "log-file": {
    title: "Writing a log to a file",
    panels: [
      bars({ meaning: "lines a second, median", series: [{ column: "lines a second" }], ours: lockstep }),
    ],
  },
  health: {
    title: "GET /health while a dependency hangs",
    panels: [spans("milliseconds; each line is ten times the one before", "p50 ms", "p99 ms")],
  },
  service: {
    title: "Start and memory of the service",
    panels: [
      bars({
        meaning: "seconds until it is ready: median, and the range from minimum to maximum",
        series: [{ column: "median s", range: ["ready after, min s", "max s"] }],
      }),
      bars({
        meaning: "memory, MB",
        series: [
          { column: "memory at start, MB", name: "at start" },
          { column: "after the requests, MB", name: "after the requests" },
        ],
      }),
    ],
  },
  deploy: { title: "Releases under load", panels: releases },
  "deploy-time": {
    title: "A deploy against docker stack deploy",
    panels: [
      bars({
        meaning: "seconds from the call, median; of the first, the range from minimum to maximum as well",
        series: [
          {
            column: "median",
            name: "all replicas are new",
            range: ["all replicas are new, min", "max"],
          },
          { column: "all is over, median", name: "all is over" },
        ],
      }),
    ],
  },
  "deploy-edge": {
    title: "Replacing the edge",
    panels: [
      bars({
        meaning: "seconds from the first failed request to the last",
        series: [{ column: "first to last failure, s" }],
      }),
    ],
  },
  "deploy-cluster": { title: "Releases under load on three nodes", panels: releases },
  "deploy-growth": {
    title: "How the cost of a deploy grows",
    panels: [
      growth("Seconds until all replicas are new", "all replicas new, s"),
      growth("Processor seconds of the manager's dockerd", "manager's dockerd, processor s"),
      growth("Entries in the raft log", "raft log, entries"),
    ],
  },
}
