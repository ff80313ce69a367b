/** Milliseconds, by nearest rank. */
interface Summary {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** Keeps the newest latencies. Times are given, and must not go backwards. */
export interface LatencyWindow {
  add(latencyMs: number, now: number): void
  /** Null when nothing in the window is young enough. */
  summary(now: number): Summary | null
  /** The newest latencies that are young enough, oldest first. */
  recent(limit: number, now: number): number[]
}

export interface WindowSettings {
  /** How many latencies are kept: 16 bytes each, all taken at once. */
  readonly size: number
  readonly maxAgeMs: number
}

/**
 * A sliding window that is bounded by age and by count. The percentiles are exact for the latencies that it holds,
 * without interpolation. When more than `size` come within `maxAgeMs`, it holds the newest `size`.
 */
export function createLatencyWindow({ size, maxAgeMs }: WindowSettings): LatencyWindow {
  const latencies = new Float64Array(size)
  const times = new Float64Array(size)
  let next = 0
  let filled = 0
  const back = (steps: number) => (next - steps + size) % size

  function youngCount(now: number): number {
    let count = 0
    while (count < filled && now - (times[back(count + 1)] ?? 0) <= maxAgeMs) count += 1
    return count
  }

  function newest(count: number): Float64Array {
    return Float64Array.from({ length: count }, (_, index) => latencies[back(count - index)] ?? 0)
  }

  return {
    add(latencyMs, now) {
      latencies[next] = latencyMs
      times[next] = now
      next = (next + 1) % size
      if (filled < size) filled += 1
    },
    summary(now) {
      const sorted = newest(youngCount(now)).sort()
      const count = sorted.length
      if (count === 0) return null
      const rank = (share: number) => roundMs(sorted[Math.ceil(share * count) - 1] ?? 0)
      return { count, p50: rank(0.5), p95: rank(0.95), p99: rank(0.99) }
    },
    recent(limit, now) {
      return Array.from(newest(Math.min(limit, youngCount(now))), roundMs)
    },
  }
}

/** Hundredths of a millisecond are as fine as anyone can use. */
export const roundMs = (ms: number): number => Math.round(ms * 100) / 100
