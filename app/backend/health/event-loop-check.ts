import { monitorEventLoopDelay } from "node:perf_hooks"
import type { HealthCheck } from "./types.ts"

const resolutionMs = 20

/** Warns when something blocked the event loop for longer than `warnAboveMs` since the check before. */
export function createEventLoopCheck(warnAboveMs = 500): HealthCheck {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  return {
    name: "event-loop",
    critical: false,
    async run() {
      // Nanoseconds, and the sampling interval is a part of every sample.
      const longestMs = Math.max(0, Math.round(delays.max / 1e6 - resolutionMs))
      delays.reset()
      if (longestMs <= warnAboveMs) return { status: "pass" }
      return { status: "warn", message: `blocked for ${longestMs} ms` }
    },
  }
}
