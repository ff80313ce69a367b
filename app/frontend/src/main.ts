import { announcement } from "./logic/announcement.ts"
import { createBackend } from "./logic/backend.ts"
import { initialState, needsVersion, type PageEvent, type PageState, reduce } from "./logic/page-state.ts"
import { createPoller, delayUntilNext } from "./logic/polling.ts"
import { readPace } from "./logic/preferences.ts"
import { renderDependencies } from "./view/dependency-table.ts"
import { byId, keepTableRoles, setText } from "./view/dom.ts"
import { createMemory } from "./view/memory.ts"
import { createReleasePanel } from "./view/release-panel.ts"
import { renderRoutes } from "./view/route-table.ts"
import { renderSummary } from "./view/summary-panel.ts"
import { createThemeButton } from "./view/theme-button.ts"
import { createTokenForm } from "./view/token-form.ts"

const tokenKey = "lockstep-health-token"
const everyMs = readPace(location.search)

const tokens = createMemory(() => sessionStorage)
const backend = createBackend({ fetch: (...request) => fetch(...request), timeoutMs: 8000 })
const poller = createPoller({
  poll,
  delay: () => delayUntilNext({ everyMs, hidden: document.hidden, failures: state.trouble?.failures ?? 0 }),
  now: Date.now,
  setTimer: (run, ms) => setTimeout(run, ms),
  clearTimer: clearTimeout,
})
const renderRelease = createReleasePanel()
const renderAccess = createTokenForm({ use: setToken, forget: () => setToken(null) })

let state: PageState = initialState
let token = tokens.get(tokenKey)

async function poll(): Promise<void> {
  const sent = token
  const before = state
  apply({ type: "answered", outcome: await backend.health(sent), at: Date.now() })
  if (state.access === "token-rejected" && token === sent) keepToken(null)
  if (needsVersion(before, state)) apply({ type: "version", version: await backend.version() })
}

function apply(event: PageEvent): void {
  const before = state
  state = reduce(state, event)
  const news = announcement(before, state)
  if (news !== null) setText(byId("announcement", HTMLElement), news)
  render()
}

function render(): void {
  const now = Date.now()
  renderSummary(state, { now, nextAt: poller.nextAt, paused: poller.paused })
  renderAccess(state, token !== null)
  renderRelease(state, now)
  renderDependencies(state, now)
  renderRoutes(state)
}

function setToken(next: string | null): void {
  keepToken(next)
  apply({ type: "token-changed" })
  poller.refresh()
}

function keepToken(next: string | null): void {
  token = next
  tokens.set(tokenKey, next)
}

function togglePause(): void {
  if (poller.paused) poller.resume()
  else poller.pause()
  render()
}

function onVisibility(): void {
  poller.reschedule()
  render()
}

keepTableRoles(document)
for (const { content } of document.querySelectorAll("template")) keepTableRoles(content)
createThemeButton(createMemory(() => localStorage))
setText(
  byId("pace", HTMLElement),
  `Refreshes every ${everyMs / 1000} s, less often while the page is hidden.`,
)
byId("refresh", HTMLButtonElement).addEventListener("click", () => poller.refresh())
byId("pause", HTMLButtonElement).addEventListener("click", togglePause)
document.addEventListener("visibilitychange", onVisibility)
addEventListener("online", () => poller.refresh())
// Ages and the time until the next try go on between refreshes.
setInterval(render, 1000)
poller.refresh()
