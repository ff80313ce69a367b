import type { Circuit } from "./schemas.ts"

export interface CircuitSettings {
  readonly intervalMs: number
  /** After so many failures in a row the interval begins to double; Infinity never. */
  readonly failuresToOpen: number
  readonly maxIntervalMs: number
}

/**
 * The circuit after so many failures in a row. It opens at `failuresToOpen`; from then on each failure doubles the
 * interval up to the longest one. A success is zero failures, which closes it.
 */
export function circuitAfter(consecutiveFailures: number, settings: CircuitSettings): Circuit {
  const { intervalMs, failuresToOpen } = settings
  if (consecutiveFailures < failuresToOpen) return { state: "closed", consecutiveFailures, intervalMs }
  const longest = Math.max(intervalMs, settings.maxIntervalMs)
  const doubled = intervalMs * 2 ** (consecutiveFailures - failuresToOpen + 1)
  return { state: "open", consecutiveFailures, intervalMs: Math.min(longest, doubled) }
}

const jitterShare = 0.1

/** The interval, up to a tenth shorter or longer, so that many instances do not ask in step. */
export const jittered = (intervalMs: number, random: () => number): number =>
  intervalMs * (1 + jitterShare * (2 * random() - 1))
