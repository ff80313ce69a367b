import { type Axis, drawAxis, linear } from "./axis.ts"
import { fitLine, formula, type Line, type Point } from "./fit.ts"
import { type Drawn, legend, short, shown, text, width } from "./svg.ts"

export interface Points {
  readonly title: string
  readonly meaning: string
  readonly points: readonly Point[]
  /** A name for each series that there is. */
  name(series: number): string
}

const [left, right, top, bottom] = [64, width - 40, 64, 280]

/** Points over a common axis from left to right, and the line that fits them best. */
export function drawPoints({ title, meaning, points, name }: Points): Drawn {
  const line = fitLine(points)
  const across = linear(
    points.map(({ x }) => x),
    left,
    right,
  )
  const up = linear(
    points.map(({ y }) => y),
    bottom,
    top,
  )
  const series = [...new Set(points.map(point => point.series))]
  const names = Array.from({ length: Math.max(...series) + 1 }, (_, number) =>
    series.includes(number) ? name(number) : "",
  )
  return {
    height: bottom + 60,
    parts: [
      text(20, 14, title, "heading"),
      text(width - 40, 14, formula(line), "small", "end"),
      ...legend(names, 38),
      ...drawAxis(across, top, bottom, meaning),
      ...up.ticks.map(tick => tickOf(tick, up)),
      fitted(line, points, across, up),
      ...points.map(
        ({ x, y, series }) =>
          `<circle class="s${series}" cx="${short(across.at(x))}" cy="${short(up.at(y))}" r="5"/>`,
      ),
    ],
  }
}

function tickOf(tick: number, up: Axis): string {
  const y = short(up.at(tick))
  return `<path class="grid" d="M${left} ${y}H${right}"/>${text(left - 8, y + 4, shown(String(tick)), "small", "end")}`
}

/** From the first point to the last: nothing was measured beyond. */
function fitted({ constant, slope }: Line, points: readonly Point[], across: Axis, up: Axis): string {
  const xs = points.map(({ x }) => x)
  const end = (x: number) => `${short(across.at(x))} ${short(up.at(constant + slope * x))}`
  return `<path class="fit" d="M${end(Math.min(...xs))}L${end(Math.max(...xs))}"/>`
}
