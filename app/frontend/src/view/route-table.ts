import { slowestRoutes } from "../logic/dependency-view.ts"
import { formatLatency } from "../logic/durations.ts"
import type { RouteTimes } from "../logic/health-types.ts"
import type { PageState } from "../logic/page-state.ts"
import { byId, fitRows, setHidden, setText, slot } from "./dom.ts"

export function renderRoutes({ report }: PageState): void {
  const routes = slowestRoutes(report?.routes ?? [])
  setHidden(byId("routes", HTMLElement), routes.length === 0)
  const rows = fitRows(byId("route-rows", HTMLTableSectionElement), "route-template", routes.length)
  routes.forEach((route, index) => {
    const row = rows[index]
    if (row) renderRow(row, route)
  })
}

function renderRow(row: Element, { route, count, ...times }: RouteTimes): void {
  setText(slot(row, "route"), route)
  setText(slot(row, "count"), count.toLocaleString("en-GB"))
  for (const name of ["p50", "p95", "p99"] as const) setText(slot(row, name), formatLatency(times[name]))
}
