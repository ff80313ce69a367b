const msPerSecond = 1000

/**
 * Makes the timestamp of a line, as a piece of JSON that pino puts into it: ISO 8601, UTC, milliseconds. Only the
 * milliseconds are formatted anew within a second.
 */
export function createTimestamp(clock: () => number): () => string {
  let second = Number.NaN
  let start = ""
  return () => {
    const now = clock()
    const nowSecond = Math.floor(now / msPerSecond)
    if (nowSecond !== second) {
      second = nowSecond
      start = `,"timestamp":"${new Date(second * msPerSecond).toISOString().slice(0, -4)}`
    }
    return `${start}${String(now - second * msPerSecond).padStart(3, "0")}Z"`
  }
}
