/** A table of docs/benchmarks.md, without the marks of Markdown in its cells. */
export interface Table {
  /** The line above it: how, where and when it was measured. */
  readonly caption: string
  readonly columns: readonly string[]
  /** Each begins with its name. */
  readonly rows: readonly (readonly string[])[]
}

/** @returns nothing when there is no table, because nothing was measured yet */
export function readTable(markdown: string): Table | undefined {
  const lines = markdown.split("\n").filter(line => line.trim() !== "")
  const start = lines.findIndex(line => line.startsWith("|"))
  if (start === -1) return undefined
  const [columns = [], , ...rows] = lines
    .slice(start)
    .filter(line => line.startsWith("|"))
    .map(cells)
  return { caption: lines[0] ?? "", columns, rows }
}

/** The cells of a column, from top to bottom. */
export function column(table: Table, name: string): string[] {
  const index = table.columns.indexOf(name)
  if (index === -1) throw new Error(`the table has no column "${name}", but: ${table.columns.join(", ")}`)
  return table.rows.map(row => row[index] ?? "")
}

/** Columns become rows. */
export function transposed({ caption, columns, rows }: Table): Table {
  const [corner = "", ...names] = columns
  return {
    caption,
    columns: [corner, ...rows.map(([name = ""]) => name)],
    rows: names.map((name, index) => [name, ...rows.map(row => row[index + 1] ?? "")]),
  }
}

function cells(line: string): string[] {
  return line
    .split("|")
    .slice(1, -1)
    .map(cell => cell.replaceAll(/`|\*\*/g, "").trim())
}
