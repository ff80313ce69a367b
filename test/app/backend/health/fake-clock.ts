import type { Clock } from "../../../../app/backend/health/clock.ts"

interface Timer {
  readonly at: number
  readonly call: () => void
}

/** A clock that stands still until told to go on. */
export interface FakeClock extends Clock {
  readonly pending: number
  /** Goes on by `ms`; calls what falls due in its order, and lets promises settle after each. */
  advance(ms: number): Promise<void>
}

const epoch = Date.UTC(2026, 0, 1)

export function createFakeClock(): FakeClock {
  const timers = new Set<Timer>()
  let now = 0
  const nextDue = (until: number) =>
    [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
  return {
    now: () => now,
    date: () => new Date(epoch + now),
    get pending() {
      return timers.size
    },
    after(ms, call) {
      const timer = { at: now + ms, call }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    async advance(ms) {
      const until = now + ms
      await settle()
      for (let timer = nextDue(until); timer; timer = nextDue(until)) {
        timers.delete(timer)
        now = timer.at
        timer.call()
        await settle()
      }
      now = until
    },
  }
}

/** All promises that need no outside event have settled by the next turn of the event loop. */
export const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
