export interface Sparkline {
  /** Path data of the line; a lone value has none. */
  readonly line: string
  /** Path data of the area below the line. */
  readonly area: string
  /** The newest value. */
  readonly last: { readonly x: number; readonly y: number }
}

export interface SparklineSize {
  readonly width: number
  readonly height: number
  /** Room on each side, so that no stroke is cut. */
  readonly margin: number
  /** Values that fill the width. Fewer leave the left part empty. */
  readonly slots: number
}

/** Draws values from zero to their largest, the newest at the right edge. Null without values. */
export function sparkline(values: readonly number[], size: SparklineSize): Sparkline | null {
  const { width, height, margin, slots } = size
  const shown = values.slice(-slots)
  const largest = Math.max(...shown)
  const step = (width - 2 * margin) / (slots - 1)
  const bottom = height - margin
  const points = shown.map((value, index) => ({
    x: round(width - margin - (shown.length - 1 - index) * step),
    y: round(largest > 0 ? bottom - (Math.max(0, value) / largest) * (bottom - margin) : bottom),
  }))
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return null
  if (points.length === 1) return { line: "", area: "", last }
  const line = `M${points.map(({ x, y }) => `${x} ${y}`).join("L")}`
  return { line, area: `${line}V${bottom}H${first.x}Z`, last }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
