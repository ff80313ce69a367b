export interface Pace {
  /** Milliseconds between two refreshes while all is well. */
  readonly everyMs: number
  readonly hidden: boolean
  /** Refreshes in a row that gave no report. */
  readonly failures: number
}

const hiddenEveryMs = 30_000
const longestMs = 60_000

/** Milliseconds to wait: longer for a hidden page, and doubled with each failure, up to a minute. */
export function delayUntilNext({ everyMs, hidden, failures }: Pace): number {
  const backedOff = failures > 1 ? Math.min(everyMs * 2 ** (failures - 1), longestMs) : everyMs
  return Math.max(everyMs, backedOff, hidden ? hiddenEveryMs : 0)
}

export interface PollerOptions {
  /** Must not reject. */
  readonly poll: () => Promise<void>
  /** Milliseconds until the next poll; asked after each one. */
  readonly delay: () => number
  readonly now: () => number
  readonly setTimer: (run: () => void, ms: number) => number
  readonly clearTimer: (timer: number) => void
}

export interface Poller {
  /** Polls now, paused or not; when a poll is under way, again after it. */
  refresh(): void
  /** Counts the delay anew, from the end of the last poll. */
  reschedule(): void
  pause(): void
  resume(): void
  readonly paused: boolean
  /** When the next poll starts; null while one is under way or none is due. */
  readonly nextAt: number | null
}

/** One poll at a time, each some time after the one before has ended. */
export function createPoller({ poll, delay, now, setTimer, clearTimer }: PollerOptions): Poller {
  let timer: number | null = null
  let nextAt: number | null = null
  let endedAt = 0
  let underWay = false
  let again = false
  let paused = false

  function disarm(): void {
    if (timer !== null) clearTimer(timer)
    timer = null
    nextAt = null
  }

  function arm(): void {
    disarm()
    if (paused || underWay) return
    nextAt = Math.max(now(), endedAt + delay())
    timer = setTimer(run, nextAt - now())
  }

  async function run(): Promise<void> {
    disarm()
    underWay = true
    do {
      again = false
      await poll()
    } while (again)
    underWay = false
    endedAt = now()
    arm()
  }

  return {
    refresh() {
      if (underWay) again = true
      else void run()
    },
    reschedule: arm,
    pause() {
      paused = true
      disarm()
    },
    resume() {
      paused = false
      this.refresh()
    },
    get paused() {
      return paused
    },
    get nextAt() {
      return nextAt
    },
  }
}
