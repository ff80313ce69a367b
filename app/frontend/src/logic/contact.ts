import { formatAge, formatDuration, formatMoment } from "./durations.ts"
import type { PageState } from "./page-state.ts"

export interface Clock {
  readonly now: number
  /** When the next refresh starts; null while one is under way or none is due. */
  readonly nextAt: number | null
  readonly paused: boolean
}

/** When the backend answered last, or since when it has not and when it is asked again. */
export function describeContact({ trouble, receivedAt }: PageState, clock: Clock): string {
  const { now, paused } = clock
  if (trouble) return `${describeStart(trouble.since, now)} ${describeNextTry(clock)}`
  if (receivedAt === null) return ""
  return `Updated ${formatAge(now - receivedAt)}${paused ? ". Paused" : ""}`
}

/** What marks the values as old; null while they are not. */
export function describeOldValues({ trouble, receivedAt }: PageState, now: number): string | null {
  if (!trouble || receivedAt === null) return null
  return `Last known values, from ${formatMoment(receivedAt, now)} (${formatAge(now - receivedAt)})`
}

function describeStart(since: number, now: number): string {
  return `Since ${formatMoment(since, now)} (${formatDuration(now - since)}).`
}

function describeNextTry({ now, nextAt, paused }: Clock): string {
  if (nextAt !== null) return `Next try in ${formatDuration(Math.max(0, nextAt - now) + 999)}.`
  return paused ? "Paused: no further try." : "Trying now."
}
