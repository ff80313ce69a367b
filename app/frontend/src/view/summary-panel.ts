import { type Clock, describeContact, describeOldValues } from "../logic/contact.ts"
import type { PageState } from "../logic/page-state.ts"
import { summarise } from "../logic/summary.ts"
import { byId, setHidden, setIcon, setText } from "./dom.ts"

/** The state of the whole: heading, title and icon of the page, and whether the values are old. */
export function renderSummary(state: PageState, clock: Clock): void {
  const { tone, heading, sentence, title } = summarise(state)
  byId("summary", HTMLElement).dataset.tone = tone
  setIcon(byId("state-icon", SVGElement), tone)
  setText(byId("state", HTMLElement), heading)
  setText(byId("sentence", HTMLElement), sentence)
  setText(byId("contact", HTMLElement), describeContact(state, clock))
  const refresh = byId("refresh", HTMLElement)
  setText(refresh, state.trouble ? "Try now" : "Refresh")
  refresh.classList.toggle("quiet", state.trouble === null)
  setText(byId("pause", HTMLElement), clock.paused ? "Resume" : "Pause")
  setText(byId("service", HTMLElement), state.report?.service ?? "Lockstep")
  if (document.title !== title) document.title = title
  showFavicon(tone)
  markOldValues(describeOldValues(state, clock.now))
}

function showFavicon(tone: string): void {
  const link = document.querySelector('link[rel="icon"]')
  const address = `/favicon-${tone}.svg`
  if (link?.getAttribute("href") !== address) link?.setAttribute("href", address)
}

function markOldValues(text: string | null): void {
  byId("details", HTMLElement).classList.toggle("old", text !== null)
  const mark = byId("old-values", HTMLElement)
  setHidden(mark, text === null)
  setText(mark, text ?? "")
}
