import type { Status } from "./health-types.ts"
import type { PageState } from "./page-state.ts"
import { describeProblem, describeReport, statusWords } from "./words.ts"

/** What the page shows as the state of the whole. Each has a colour, a shape and a word. */
export type Tone = Status | "unreachable" | "unknown"

export interface Summary {
  readonly tone: Tone
  readonly heading: string
  readonly sentence: string
  /** Of the document: the state comes first, since a tab shows little of it. */
  readonly title: string
}

export function summarise(state: PageState): Summary {
  const summary = stateOf(state)
  const identity = state.report ?? state.version
  const names = [summary.heading, identity?.environment, state.report?.service ?? "Lockstep"]
  return { ...summary, title: names.filter(name => name !== undefined).join(" · ") }
}

function stateOf({ trouble, status, report }: PageState): Omit<Summary, "title"> {
  if (trouble) {
    const sentence = describeProblem(trouble.problem)
    if (trouble.problem.kind === "foreign") return { tone: "unknown", heading: "Unexpected answer", sentence }
    return { tone: "unreachable", heading: "Unreachable", sentence }
  }
  if (status === null) return { tone: "unknown", heading: "Loading", sentence: "Asking the backend." }
  const sentence = report ? describeReport(report) : "The details need a token."
  return { tone: status, heading: statusWords[status], sentence }
}
