import type { Dependency } from "./health-types.ts"
import type { PageState } from "./page-state.ts"
import { summarise } from "./summary.ts"
import { describeDependency, statusWords } from "./words.ts"

/** What a screen reader says after an event. Null when no state has changed, which is nearly always. */
export function announcement(before: PageState, after: PageState): string | null {
  const [old, fresh] = [summarise(before), summarise(after)]
  if (old.heading !== fresh.heading) return `${fresh.heading}. ${fresh.sentence}`
  if (before.access !== after.access && after.access === "token-rejected")
    return "The token was not accepted."
  if (before.report && after.report) return changed(before.report.dependencies, after.report.dependencies)
  return null
}

function changed(before: readonly Dependency[], after: readonly Dependency[]): string | null {
  const known = new Map(before.map(({ name, status }) => [name, status]))
  const news = after.filter(({ name, status }) => known.has(name) && known.get(name) !== status)
  return news.length > 0 ? news.map(describe).join(" ") : null
}

function describe(dependency: Dependency): string {
  const reason = describeDependency(dependency)
  const state = `${dependency.name} is ${statusWords[dependency.status].toLowerCase()}`
  return reason ? `${state}: it ${reason}.` : `${state}.`
}
