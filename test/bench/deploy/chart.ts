export interface Point {
  readonly x: number
  readonly y: number
  readonly series: number
}

export interface Line {
  readonly constant: number
  readonly slope: number
  /** 1: the line explains all. */
  readonly rSquared: number
}

interface Chart {
  readonly title: string
  readonly points: readonly Point[]
}

const width = 640
const height = 300
const margin = { left: 56, right: 16, top: 40, bottom: 44 }

/** By least squares. */
export function fitLine(points: readonly Point[]): Line {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanX, meanY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))]
  const slope =
    mean(points.map(({ x, y }) => (x - meanX) * (y - meanY))) / mean(points.map(({ x }) => (x - meanX) ** 2))
  const constant = meanY - slope * meanX
  const left = mean(points.map(({ x, y }) => (y - constant - slope * x) ** 2))
  return { constant, slope, rSquared: 1 - left / mean(points.map(({ y }) => (y - meanY) ** 2)) }
}

export function formula({ constant, slope, rSquared }: Line): string {
  return `${constant.toFixed(1)} + ${slope.toFixed(2)} · replicas (R² ${rSquared.toFixed(3)})`
}

/** One below the other, as SVG that can be read on light and on dark ground. */
export function drawCharts(charts: readonly Chart[]): string {
  const drawn = charts.map(
    (chart, index) => `<g transform="translate(0 ${index * height})">${draw(chart)}</g>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height * charts.length}" font-family="sans-serif" font-size="12">`,
    `<style>${style}</style>`,
    ...drawn,
    "</svg>",
    "",
  ].join("\n")
}

// The colours of Okabe and Ito, which people with any colour vision can tell apart.
const style = `
text { fill: #24292f } .axis, .grid { stroke: #8c959f; fill: none } .grid { stroke-opacity: .35 }
.fit { stroke: #57606a; stroke-dasharray: 5 4; fill: none }
.s1 { fill: #0072b2 } .s2 { fill: #d55e00 } .s3 { fill: #009e73 } .s4 { fill: #cc79a7 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .fit { stroke: #9198a1 } .s1 { fill: #56b4e9 } .s2 { fill: #e69f00 }
}`

function draw({ title, points }: Chart): string {
  const line = fitLine(points)
  const top = ceiling(Math.max(...points.map(({ y }) => y)))
  const right = Math.max(...points.map(({ x }) => x))
  const px = (x: number) => margin.left + (x / right) * (width - margin.left - margin.right)
  const py = (y: number) => height - margin.bottom - (y / top) * (height - margin.top - margin.bottom)
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(share => share * top)
  const xs = [...new Set(points.map(({ x }) => x))]
  const series = [...new Set(points.map(point => point.series))]
  return [
    `<text x="${margin.left}" y="18" font-weight="bold">${title}</text>`,
    `<text x="${margin.left}" y="33">${formula(line)}</text>`,
    ...ticks.map(
      y => `<path class="grid" d="M${px(0)} ${py(y)}H${px(right)}"/>${text(px(0) - 6, py(y) + 4, "end", y)}`,
    ),
    ...xs.map(x => text(px(x), py(0) + 16, "middle", x)),
    `<path class="axis" d="M${px(0)} ${py(top)}V${py(0)}H${px(right)}"/>`,
    `<text x="${px(right / 2)}" y="${height - 8}" text-anchor="middle">replicas</text>`,
    `<path class="fit" d="M${px(0)} ${py(Math.max(0, line.constant))}L${px(right)} ${py(line.constant + line.slope * right)}"/>`,
    ...points.map(
      point => `<circle class="s${point.series}" cx="${px(point.x)}" cy="${py(point.y)}" r="4"/>`,
    ),
    ...series.map((number, index) => legend(number, width - 330 + index * 80)),
  ].join("\n")
}

function text(x: number, y: number, anchor: string, value: number): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${Number(value.toFixed(1))}</text>`
}

function legend(number: number, x: number): string {
  const label = number === 1 ? "1 node" : `${number} nodes`
  return `<circle class="s${number}" cx="${x}" cy="14" r="4"/><text x="${x + 8}" y="18">${label}</text>`
}

/** The next round number: 1, 2 or 5 with zeros behind it. */
function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5, 10].find(step => step * power >= value) ?? 10) * power
}
