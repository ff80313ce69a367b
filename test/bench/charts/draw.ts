import { charts } from "./charts.ts"
import { readTable } from "./markdown.ts"
import { picture } from "./svg.ts"

export const chartNames: readonly string[] = Object.keys(charts)

/** @returns nothing when the benchmark has no chart, or nothing was measured yet */
export function draw(name: string, markdown: string): string | undefined {
  const chart = charts[name]
  const table = readTable(markdown)
  if (!chart || !table) return undefined
  const made = `Drawn from the table "${name}" in docs/benchmarks.md by: npm run bench -- charts`
  return picture(
    { title: chart.title, caption: table.caption, made },
    chart.panels.map(panel => panel(table)),
  )
}

export function fileOf(name: string): string {
  return `images/bench-${name}.svg`
}

/** What stands below the table: the chart, and the commands that make it. */
export function reference(name: string): string {
  const { title = "", command = `npm run bench -- ${name} --write` } = charts[name] ?? {}
  return [
    `![${title}: a chart of the table above](${fileOf(name)})`,
    "",
    `Measured and drawn by \`${command}\`, drawn alone by \`npm run bench -- charts\`.`,
  ].join("\n")
}
