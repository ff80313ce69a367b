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
