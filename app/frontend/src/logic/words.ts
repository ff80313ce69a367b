import type { Dependency, HealthReport, Status } from "./health-types.ts"
import type { Problem } from "./read-answer.ts"

const errorWords: Readonly<Record<string, string>> = {
  timeout: "did not answer in time",
  unauthorized: "does not accept the key",
  rate_limited: "says that it is asked too often",
  unreachable: "cannot be reached",
  tls: "shows a certificate that is not trusted",
  bad_response: "gave an answer that makes no sense",
  server_error: "reports an error of its own",
  index_not_found: "does not know the configured index",
  model_not_found: "does not offer the configured model",
  event_loop_blocked: "was blocked for too long",
  internal_error: "could not be checked: the check itself failed",
}

/** The last error of a dependency as the end of a sentence that starts with its name. */
export function describeError(code: string): string {
  return errorWords[code] ?? `failed (${code.replaceAll("_", " ")})`
}

/** What is wrong with a dependency, as the end of a sentence that starts with its name; empty when nothing is. */
export function describeDependency({ status, lastError, ageMs, stale }: Dependency): string {
  if (lastError !== null) return describeError(lastError)
  if (status === "disabled") return ""
  if (ageMs === null) return "has not been checked yet"
  return stale ? "has not been checked for too long" : ""
}

export const statusWords: Readonly<Record<Status | "disabled", string>> = {
  healthy: "Healthy",
  degraded: "Degraded",
  unhealthy: "Unhealthy",
  disabled: "Not configured",
}

/** Why there is no answer of the backend, in one sentence. */
export function describeProblem(problem: Problem): string {
  if (problem.kind === "unreachable") {
    if (problem.reason === "gateway") return describeGateway(problem.status)
    return problem.reason === "timeout" ? "The backend did not answer in time." : "The connection failed."
  }
  if (problem.content === "redirect") return "The answer leads to another page, perhaps a login."
  const what = { page: "a web page", json: "JSON of another kind", text: "plain text" }[problem.content]
  return `Something other than the backend answers: ${what}, status ${problem.status}. A proxy may be in between.`
}

function describeGateway(status: number): string {
  return `The server in front answers ${status}: it does not reach the backend.`
}

/** What the state of the whole comes from, in a sentence or two. */
export function describeReport({ status, phase, dependencies }: HealthReport): string {
  if (phase === "starting") return "The backend is starting."
  if (phase === "draining") return "The backend is stopping. It takes no new traffic."
  const checked = dependencies.filter(dependency => dependency.status !== "disabled")
  const failing = checked.filter(dependency => dependency.status !== "healthy")
  if (status === "healthy") return describeHealthy(checked, failing.length)
  const [first] = failing
  return first ? describeFailing(first, failing.length - 1) : "No dependency is to blame."
}

/** @param unknown how many were not checked yet: they do not count before */
function describeHealthy(checked: readonly Dependency[], unknown: number): string {
  if (checked.length === 0) return "The backend answers. No dependency is configured."
  if (unknown > 0)
    return `${checked.length - unknown} of ${checked.length} checks pass, the others have not run yet.`
  if (checked.length === 1) return `The check of ${checked[0]?.name} passes.`
  return checked.length === 2 ? "Both checks pass." : `All ${checked.length} checks pass.`
}

function describeFailing(first: Dependency, others: number): string {
  const more = others === 0 ? "" : others === 1 ? " One more check fails." : ` ${others} more checks fail.`
  return `${first.name} ${describeDependency(first) || `is ${first.status}`}.${more}`
}

/** The first digits of a commit or digest; the algorithm's name stays in front. */
export function shorten(value: string): string {
  const colon = value.indexOf(":") + 1
  const end = colon + 12
  return value.length > end ? `${value.slice(0, end)}…` : value
}
