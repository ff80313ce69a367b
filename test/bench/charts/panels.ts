import { type Bar, drawBars } from "./bars.ts"
import { column, type Table, transposed } from "./markdown.ts"
import { drawPoints } from "./points.ts"
import { drawSpans } from "./spans.ts"
import type { Drawn } from "./svg.ts"

/** A part of a chart: makes a drawing of some of a table's columns. */
export type Panel = (table: Table) => Drawn

interface Series {
  readonly column: string
  /** Its name in the legend, if there are several. */
  readonly name?: string
  /** The columns of the least and the most. */
  readonly range?: readonly [string, string]
}

interface BarsOf {
  readonly meaning: string
  readonly series: readonly Series[]
  /** What these rows are, and the names of the two sorts: they get colours of their own. */
  readonly ours?: { readonly rows: RegExp; readonly names: readonly [others: string, ours: string] }
  /** Smaller ones are left out. */
  readonly atLeast?: number
  /** The name of a row that is left out. */
  readonly without?: string
  /** A bar for each column: the series are rows then. */
  readonly eachColumn?: boolean
}

/** A bar for each row that has a value there, or one for each of several columns. */
export function bars({ meaning, series, ours, atLeast = 0, without, eachColumn }: BarsOf): Panel {
  return original => {
    const table = eachColumn ? transposed(original) : original
    const several = series.length > 1
    const groups = table.rows.map(([label = ""], index) => ({
      label,
      bars: series.flatMap((one, number) => {
        const colour = several ? number + 1 : ours && !ours.rows.test(label) ? 0 : 1
        return barOf(table, one, index, colour)
      }),
    }))
    return drawBars({
      meaning,
      legend: several ? ["", ...series.map(({ name = "" }) => name)] : (ours?.names ?? []),
      groups: groups
        .map(group => ({ ...group, bars: group.bars.filter(({ value }) => Number(value) >= atLeast) }))
        .filter(group => group.bars.length > 0 && group.label !== without),
    })
  }
}

function barOf(table: Table, { column: name, range }: Series, index: number, series: number): Bar[] {
  const value = column(table, name)[index] ?? ""
  if (value === "") return []
  if (!range) return [{ series, value }]
  const [low, high] = range.map(end => Number(column(table, end)[index]))
  return [{ series, value, range: [low ?? Number.NaN, high ?? Number.NaN] }]
}

/** Two points for each row, on a scale where each line is ten times the one before. */
export function spans(meaning: string, low: string, high: string): Panel {
  return table => {
    const [lows, highs] = [column(table, low), column(table, high)]
    return drawSpans({
      meaning,
      names: [unitless(low), unitless(high)],
      spans: table.rows.map(([label = ""], index) => ({
        label,
        low: lows[index] ?? "",
        high: highs[index] ?? "",
      })),
    })
  }
}

function unitless(name: string): string {
  return name.replace(/ ms$/, "")
}

/** A column over the replicas, a colour for each number of nodes. */
export function growth(title: string, name: string): Panel {
  return table => {
    const [nodes, replicas] = [column(table, "nodes"), column(table, "replicas")]
    const points = column(table, name).map((value, index) => ({
      x: Number(replicas[index]),
      y: Number(value),
      series: Number(nodes[index]),
    }))
    return drawPoints({
      title,
      meaning: "replicas",
      points,
      name: count => (count === 1 ? "1 node" : `${count} nodes`),
    })
  }
}
