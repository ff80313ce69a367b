import { drawAxis, linear } from "./axis.ts"
import { type Drawn, legend, plot, short, shown, text } from "./svg.ts"

export interface Bar {
  /** The number of its colour, and of its name in the legend. */
  readonly series: number
  /** As the table has it. */
  readonly value: string
  /** The least and the most that was measured. */
  readonly range?: readonly [number, number]
}

export interface Group {
  readonly label: string
  readonly bars: readonly Bar[]
}

export interface Bars {
  readonly meaning: string
  readonly legend: readonly string[]
  readonly groups: readonly Group[]
}

const barHeight = 15
const labelHeight = 19
const gap = 9
const legendHeight = 24
const axisHeight = 50

/** Bars to the right, each group below its label: labels may be as long as the picture is wide. */
export function drawBars(panel: Bars): Drawn {
  const bars = panel.groups.flatMap(group => group.bars)
  const axis = linear(bars.flatMap(({ value, range = [0, 0] }) => [Number(value), range[1]]))
  const top = panel.legend.length > 0 ? legendHeight : 0
  let bottom = top
  const groups = panel.groups.flatMap(({ label, bars }) => {
    const start = bottom + labelHeight
    bottom = start + bars.length * barHeight + gap
    const drawn = bars.map((bar, index) => drawBar(bar, start + index * barHeight, axis.at))
    return [text(plot.left, start - 5, label), ...drawn]
  })
  return {
    height: bottom + axisHeight,
    parts: [...legend(panel.legend, 14), ...drawAxis(axis, top, bottom, panel.meaning), ...groups],
  }
}

function drawBar({ series, value, range }: Bar, y: number, at: (value: number) => number): string {
  const end = at(Number(value))
  const parts = [
    `<rect class="s${series}" x="${plot.left}" y="${y}" width="${short(Math.max(end - plot.left, 1))}" height="${barHeight - 2}"/>`,
  ]
  const middle = y + (barHeight - 2) / 2
  if (range) {
    const [low, high] = range.map(value => short(at(value)))
    parts.push(
      `<path class="range" d="M${low} ${middle}H${high}M${low} ${middle - 4}v8M${high} ${middle - 4}v8"/>`,
    )
  }
  const far = Math.max(end, range ? at(range[1]) : 0)
  return [...parts, text(far + 6, y + 11, shown(value))].join("")
}
