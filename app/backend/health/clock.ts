/** Time as health sees it; a test has one of its own. */
export interface Clock {
  /** Milliseconds that never go backwards. */
  now(): number
  /** The time of day, for people. */
  date(): Date
  /** Calls once after `ms`; what it returns calls it off. Never keeps the process alive. */
  after(ms: number, call: () => void): () => void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  after(ms, call) {
    const timer = setTimeout(call, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
