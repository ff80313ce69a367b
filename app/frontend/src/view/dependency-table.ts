import { type DependencyView, viewDependency } from "../logic/dependency-view.ts"
import type { PageState } from "../logic/page-state.ts"
import { byId, fitRows, setHidden, setIcon, setText, slot } from "./dom.ts"
import { drawSparkline } from "./sparkline.ts"

const texts = ["name", "state", "error", "latency", "age", "p50", "p95", "p99"] as const

export function renderDependencies({ report, receivedAt }: PageState, now: number): void {
  setHidden(byId("dependencies", HTMLElement), report === null)
  if (!report || receivedAt === null) return
  const { dependencies } = report
  setHidden(byId("no-dependencies", HTMLElement), dependencies.length > 0)
  const body = byId("dependency-rows", HTMLTableSectionElement)
  if (body.parentElement) setHidden(body.parentElement, dependencies.length === 0)
  const rows = fitRows(body, "dependency-template", dependencies.length)
  dependencies.forEach((dependency, index) => {
    const row = rows[index]
    if (row) renderRow(row, viewDependency(dependency, now - receivedAt))
  })
}

function renderRow(row: Element, view: DependencyView): void {
  for (const name of texts) setText(slot(row, name), view[name])
  slot(row, "critical").toggleAttribute("hidden", !view.critical)
  setIcon(slot(row, "icon"), view.tone)
  drawSparkline(slot(row, "spark"), view.recent, view.recentText)
}
