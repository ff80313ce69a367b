import { plot, short, shown, text } from "./svg.ts"

/** Where a value lies between left and right, and the values to write at the axis. */
export interface Axis {
  readonly ticks: readonly number[]
  at(value: number): number
}

/** From zero, so that the lengths of bars compare. */
export function linear(values: readonly number[], from: number = plot.left, to: number = plot.right): Axis {
  const most = Math.max(...values)
  const step = roundStep(most / 5)
  const count = Math.ceil(most / step - 1e-9)
  const ticks = Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)))
  return { ticks, at: value => from + (value / (count * step)) * (to - from) }
}

/** Each tick ten times the one before: for values that are far apart, and marked by points. */
export function logarithmic(values: readonly number[]): Axis {
  const power = (value: number) => Math.log10(value)
  const [first, last] = [Math.floor(power(Math.min(...values))), Math.ceil(power(Math.max(...values)))]
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index))
  const unit = (plot.right - plot.left) / (last - first)
  return { ticks, at: value => plot.left + (power(value) - first) * unit }
}

/** Lines from top to bottom through the plot, their values and what they mean below. */
export function drawAxis(axis: Axis, top: number, bottom: number, meaning: string): string[] {
  return [
    ...axis.ticks.flatMap(tick => [
      `<path class="grid" d="M${short(axis.at(tick))} ${top}V${bottom}"/>`,
      text(axis.at(tick), bottom + 16, shown(String(Number(tick.toPrecision(6)))), "small", "middle"),
    ]),
    text((plot.left + plot.right) / 2, bottom + 34, meaning, "small", "middle"),
  ]
}

/** The next of 1, 2 and 5 with zeros behind it or in front. */
function roundStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5].find(step => step * power >= value * (1 - 1e-9)) ?? 10) * power
}
