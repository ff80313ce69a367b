import { monitorEventLoopDelay } from "node:perf_hooks"
import { CheckError } from "../check-error.ts"
import type { HealthCheck } from "../types.ts"

const resolutionMs = 20

/** Fails when something blocked the event loop for longer than `limitMs` since the run before. */
export function checkEventLoop(limitMs = 500): HealthCheck {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  return {
    name: "event-loop",
    enabled: true,
    backsOff: false,
    async run() {
      // Nanoseconds, and the sampling interval is a part of every sample.
      const longestMs = Math.max(0, Math.round(delays.max / 1e6 - resolutionMs))
      delays.reset()
      if (longestMs > limitMs) throw new CheckError("event_loop_blocked", `${longestMs} ms`)
    },
  }
}
