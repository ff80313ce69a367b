import type { HealthReport, Status, VersionInfo } from "./health-types.ts"
import type { Outcome, Problem } from "./read-answer.ts"

/** Times are milliseconds since 1970. */
export interface PageState {
  /** The state that the backend named last; null before the first answer. */
  readonly status: Status | null
  /** The last report; null without one, or when details need a token. */
  readonly report: HealthReport | null
  readonly version: VersionInfo | null
  /** When `status` was received. */
  readonly receivedAt: number | null
  readonly trouble: Trouble | null
  readonly access: "open" | "token-needed" | "token-rejected"
}

export interface Trouble {
  readonly problem: Problem
  /** When the first of the failed refreshes ended. */
  readonly since: number
  readonly failures: number
}

export type PageEvent =
  | { readonly type: "answered"; readonly outcome: Outcome; readonly at: number }
  | { readonly type: "version"; readonly version: VersionInfo | null }
  | { readonly type: "token-changed" }

export const initialState: PageState = {
  status: null,
  report: null,
  version: null,
  receivedAt: null,
  trouble: null,
  access: "open",
}

/** The state after an event. Values stay when the backend goes: they are old then, not gone. */
export function reduce(state: PageState, event: PageEvent): PageState {
  if (event.type === "version") return event.version ? { ...state, version: event.version } : state
  if (event.type === "token-changed")
    return state.access === "open" ? state : { ...state, access: "token-needed" }
  return answered(state, event.outcome, event.at)
}

function answered(state: PageState, outcome: Outcome, at: number): PageState {
  if (outcome.kind === "problem") {
    const { since, failures } = state.trouble ?? { since: at, failures: 0 }
    return { ...state, trouble: { problem: outcome.problem, since, failures: failures + 1 } }
  }
  const contact = { ...state, receivedAt: at, trouble: null }
  if (outcome.kind === "report") {
    return { ...contact, status: outcome.report.status, report: outcome.report, access: "open" }
  }
  // A rejected token is forgotten, so the next request goes without one. The refusal must stay visible.
  const rejected = outcome.sentToken || state.access === "token-rejected"
  const access = rejected ? "token-rejected" : "token-needed"
  return { ...contact, status: outcome.brief.status, report: null, access }
}

/** Whether `/api/version` may have a new answer: another process answers, or it cannot be known. */
export function needsVersion(before: PageState, after: PageState): boolean {
  if (after.trouble !== null) return false
  const [old, fresh] = [before.report, after.report]
  if (after.version === null || before.trouble !== null || !old || !fresh) return true
  return fresh.uptimeSeconds < old.uptimeSeconds || fresh.digest !== old.digest
}
