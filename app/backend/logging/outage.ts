/** A time in which lines cannot be written to one place. */
export interface Outage {
  readonly active: boolean
  /** Whether it is time to try again. */
  readonly due: boolean
  /** Notes a failure and the lines that it cost; reports only the first of a row. */
  fail(error: unknown, lines: number): void
  /** Counts lines that were not even tried. */
  miss(lines: number): void
  /** Notes success; reports it when something had failed. */
  succeed(): void
}

export interface OutageReports {
  readonly onFail: (error: unknown) => void
  /** @param missedLines lines that were not written since the failure, the first that failed included */
  readonly onRecover: (missedLines: number) => void
}

/** @param retryMs milliseconds between two attempts */
export function createOutage(reports: OutageReports, clock: () => number, retryMs: number): Outage {
  let active = false
  let missed = 0
  let nextTry = 0
  return {
    get active() {
      return active
    },
    get due() {
      return clock() >= nextTry
    },
    fail(error, lines) {
      missed += lines
      nextTry = clock() + retryMs
      if (active) return
      active = true
      reports.onFail(error)
    },
    miss(lines) {
      missed += lines
    },
    succeed() {
      if (!active) return
      const missedLines = missed
      active = false
      missed = 0
      reports.onRecover(missedLines)
    },
  }
}
