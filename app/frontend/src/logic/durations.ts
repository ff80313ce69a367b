const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const units: readonly (readonly [number, string])[] = [
  [dayMs, "d"],
  [hourMs, "h"],
  [minuteMs, "min"],
  [secondMs, "s"],
]

/** What a table shows where there is no value. */
export const noValue = "–"

/** The two largest units, rounded down: `3 d 4 h`, `2 min 5 s`, `0 s`. */
export function formatDuration(ms: number): string {
  const first = units.findIndex(([length]) => ms >= length)
  if (first === -1) return "0 s"
  let rest = ms
  const parts = units.slice(first, first + 2).map(([length, unit]) => {
    const count = Math.floor(rest / length)
    rest -= count * length
    return { count, unit }
  })
  const shown = parts.filter(({ count }) => count > 0)
  return shown.map(({ count, unit }) => `${count} ${unit}`).join(" ")
}

/** `just now`, `12 s ago`. */
export function formatAge(ms: number): string {
  return ms < secondMs ? "just now" : `${formatDuration(ms)} ago`
}

/** `3.4 ms`, `120 ms`, `1.25 s`. */
export function formatLatency(ms: number | null): string {
  if (ms === null) return noValue
  if (ms > 0 && ms < 0.05) return "<0.1 ms"
  if (ms < 9.95) return `${ms.toFixed(1)} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  return `${(ms / secondMs).toFixed(ms < 9_995 ? 2 : 1)} s`
}

/** Time of day in the reader's time zone; of another day, the date and the time to the minute. */
export function formatMoment(at: number, now: number): string {
  const moment = new Date(at)
  const time = moment.toLocaleTimeString("en-GB")
  if (moment.toDateString() === new Date(now).toDateString()) return time
  const date = moment.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" })
  return `${date}, ${time.slice(0, 5)}`
}
