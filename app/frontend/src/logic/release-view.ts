import { formatDuration, formatMoment } from "./durations.ts"
import type { PageState } from "./page-state.ts"

/** What runs there. Null stands for what is not known, or what nobody told the process. */
export interface ReleaseView {
  readonly environment: string | null
  readonly version: string | null
  readonly commit: string | null
  readonly digest: string | null
  readonly phase: string | null
  readonly uptime: string | null
  readonly started: string | null
}

export function viewRelease(state: PageState, now: number): ReleaseView {
  const { report, version } = state
  // Values of a backend that is gone stand still.
  const asOf = state.trouble ? (state.receivedAt ?? now) : now
  const identity = report ?? version
  return {
    environment: identity?.environment ?? null,
    version: identity?.version ?? null,
    commit: identity?.commit ?? null,
    digest: identity?.digest ?? null,
    phase: report ? capitalise(report.phase) : null,
    uptime: uptime(state, asOf),
    started: version ? `since ${formatMoment(Date.parse(version.startedAt), now)}` : null,
  }
}

function uptime({ report, version, receivedAt }: PageState, asOf: number): string | null {
  if (report) return formatDuration(report.uptimeSeconds * 1000 + asOf - (receivedAt ?? asOf))
  return version ? formatDuration(Math.max(0, asOf - Date.parse(version.startedAt))) : null
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
