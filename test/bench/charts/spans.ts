import { drawAxis, logarithmic } from "./axis.ts"
import { type Drawn, legend, plot, short, shown, text } from "./svg.ts"

export interface Span {
  readonly label: string
  /** As the table has them. */
  readonly low: string
  readonly high: string
}

export interface Spans {
  readonly meaning: string
  /** What the two ends are. */
  readonly names: readonly [string, string]
  readonly spans: readonly Span[]
}

const rowHeight = 48
const top = 24

/** Two points and a line between them in each row, for values from tenths to thousands: bars of these have no length. */
export function drawSpans({ meaning, names, spans }: Spans): Drawn {
  const axis = logarithmic(spans.flatMap(({ low, high }) => [Number(low), Number(high)]))
  const bottom = top + spans.length * rowHeight
  const rows = spans.flatMap(({ label, low, high }, index) => {
    const y = top + index * rowHeight + 26
    const [from, to] = [short(axis.at(Number(low))), short(axis.at(Number(high)))]
    return [
      text(plot.left, y - 11, label),
      `<path class="axis" d="M${from} ${y}H${to}"/>`,
      `<circle class="s1" cx="${from}" cy="${y}" r="5"/>${text(from + 5, y + 17, shown(low), "", "end")}`,
      `<circle class="s2" cx="${to}" cy="${y}" r="5"/>${text(to - 5, y + 17, shown(high))}`,
    ]
  })
  return {
    height: bottom + 50,
    parts: [...legend(["", ...names], 14), ...drawAxis(axis, top, bottom, meaning), ...rows],
  }
}
