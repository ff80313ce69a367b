import { isBriefHealth, isHealthReport } from "./guards.ts"
import type { BriefHealth, HealthReport } from "./health-types.ts"

/** What the page needs of a `Response`. */
export interface Answer {
  readonly type: string
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** Why there is no report: nobody answered, or somebody else did. */
export type Problem =
  | { readonly kind: "unreachable"; readonly reason: "network" | "timeout" }
  | { readonly kind: "unreachable"; readonly reason: "gateway"; readonly status: number }
  | { readonly kind: "foreign"; readonly content: "page" | "json" | "text"; readonly status: number }
  | { readonly kind: "foreign"; readonly content: "redirect" }

export type Outcome =
  | { readonly kind: "report"; readonly report: HealthReport }
  | { readonly kind: "brief"; readonly brief: BriefHealth; readonly sentToken: boolean }
  | { readonly kind: "problem"; readonly problem: Problem }

const gatewayStatuses = [502, 503, 504]

/** Tells the backend's own answer from that of a proxy, a login page or another service. */
export function readAnswer(answer: Answer, sentToken: boolean): Outcome {
  if (answer.type === "opaqueredirect") return problem({ kind: "foreign", content: "redirect" })
  const { status } = answer
  const value = parse(answer.body)
  if (isHealthReport(value)) return { kind: "report", report: value }
  if (isBriefHealth(value)) return { kind: "brief", brief: value, sentToken }
  // The backend says 503 in JSON; without it, a proxy says that it found no backend.
  if (gatewayStatuses.includes(status)) return problem({ kind: "unreachable", reason: "gateway", status })
  return problem({ kind: "foreign", content: contentOf(answer, value), status })
}

export function problem(found: Problem): Outcome {
  return { kind: "problem", problem: found }
}

function contentOf({ contentType, body }: Answer, value: unknown): "page" | "json" | "text" {
  if (value !== undefined) return "json"
  return contentType.includes("html") || body.trimStart().startsWith("<") ? "page" : "text"
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
