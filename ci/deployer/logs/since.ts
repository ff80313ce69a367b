import { usageError } from "../usage.ts"

/** As `docker service logs --since` takes it: a time in UTC, or a Go duration. */
export type Since = string

const duration = /^(\d{1,6})([smhd])$/
const time = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/

/** @throws DeployError DEPLOY_USAGE for anything but 90s, 10m, 2h, 3d or a time */
export function sinceFrom(text: string | undefined): Since | undefined {
  if (text === undefined) return undefined
  const [, count, unit] = duration.exec(text) ?? []
  if (count && unit) return unit === "d" ? `${Number(count) * 24}h` : text
  const at = time.test(text) ? Date.parse(withZone(text)) : Number.NaN
  if (!Number.isNaN(at)) return new Date(at).toISOString()
  throw usageError(
    `--since ${JSON.stringify(text)}`,
    "it must be a duration such as 90s, 10m, 2h or 3d, or a time such as 2026-11-24T17:30, in UTC unless it names a zone",
  )
}

/** A time without a zone would be read as one of this machine's. */
function withZone(text: string): string {
  return text.includes("T") && !/(Z|[+-]\d\d:\d\d)$/.test(text) ? `${text}Z` : text
}
