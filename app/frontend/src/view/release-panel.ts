import type { PageState } from "../logic/page-state.ts"
import { viewRelease } from "../logic/release-view.ts"
import { byId, find, setHidden, setText } from "./dom.ts"
import { createLongValue } from "./long-value.ts"

const facts = ["environment", "version", "phase", "uptime", "started"] as const

export type RenderRelease = (state: PageState, now: number) => void

export function createReleasePanel(): RenderRelease {
  const panel = byId("release", HTMLElement)
  const environment = byId("environment", HTMLElement)
  const showCommit = createLongValue(byId("commit", HTMLElement), "commit")
  const showDigest = createLongValue(byId("digest", HTMLElement), "digest")
  return (state, now) => {
    const release = viewRelease(state, now)
    setHidden(panel, release.environment === null)
    setHidden(environment, release.environment === null)
    setText(environment, release.environment ?? "")
    for (const name of facts) setText(find(panel, `[data-fact="${name}"]`), release[name] ?? emptyText(name))
    find(panel, '[data-optional="phase"]').toggleAttribute("hidden", release.phase === null)
    showCommit(release.commit)
    showDigest(release.digest)
  }
}

function emptyText(name: (typeof facts)[number]): string {
  return name === "version" ? "not set" : ""
}
