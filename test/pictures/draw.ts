import { escaped } from "../bench/charts/svg.ts"
import { columns } from "./record.ts"
import type { Look, Run } from "./terminal.ts"

export const cell = { width: 7.8, height: 18 }
export const padding = 16

// A dark ground in both modes, as most terminals have: the programs choose their colours for it.
const style = `
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; fill: #e6edf3; white-space: pre }
.ground { fill: #0d1117; stroke: #3d444d } .prompt { fill: #9198a1 } .bold { font-weight: 600 } .dim { opacity: .65 }
.c0, .c8 { fill: #8b949e } .c1, .c9 { fill: #ff7b72 } .c2, .c10 { fill: #56d364 } .c3, .c11 { fill: #e3b341 }
.c4, .c12 { fill: #79c0ff } .c5, .c13 { fill: #d2a8ff } .c6, .c14 { fill: #56d4dd } .c7, .c15 { fill: #e6edf3 }`

export interface Made {
  readonly command: string
  readonly commit: string
}

/** A terminal with a command, and below it what the command printed. */
export function drawTerminal({ command, commit }: Made, lines: readonly Run[][]): string {
  const width = Math.ceil(columns * cell.width + 2 * padding)
  const height = (lines.length + 1) * cell.height + 2 * padding
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escaped(command)}</title>`,
    `<desc>${escaped(`command: ${command}\ncommit: ${commit}`)}</desc>`,
    `<style>${style}\n</style>`,
    `<rect class="ground" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="6"/>`,
    `<text x="${padding}" y="${baseline(0)}"><tspan class="prompt">$ </tspan><tspan class="bold">${escaped(command)}</tspan></text>`,
    ...lines.map((line, index) => line.map(run => drawRun(run, baseline(index + 1))).join("")),
    "</svg>",
    "",
  ].join("\n")
}

function baseline(line: number): number {
  return padding + line * cell.height + 13
}

/** As wide as in a terminal, whatever font the reader has. */
function drawRun({ column, cells, text, look }: Run, y: number): string {
  const x = Number((padding + column * cell.width).toFixed(1))
  const length = Number((cells * cell.width).toFixed(1))
  return `<text x="${x}" y="${y}" textLength="${length}"${attributes(look)}>${escaped(text)}</text>`
}

function attributes({ colour, bold, dim }: Look): string {
  const classes = [typeof colour === "number" && `c${colour}`, bold && "bold", dim && "dim"].filter(Boolean)
  const fill = typeof colour === "string" ? ` style="fill: ${colour}"` : ""
  return (classes.length > 0 ? ` class="${classes.join(" ")}"` : "") + fill
}
