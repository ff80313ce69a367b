import xterm, { type IBufferCell, type IBufferLine } from "@xterm/headless"
import { columns } from "./record.ts"

/** Neighbours that look the same. */
export interface Run {
  readonly column: number
  /** Wide letters take two cells. */
  readonly cells: number
  readonly text: string
  readonly look: Look
}

export interface Look {
  /** One of the sixteen colours of a terminal, #rrggbb, or nothing for the usual one. */
  readonly colour?: number | string
  readonly bold: boolean
  readonly dim: boolean
}

/** What a terminal shows in the end, with what has scrolled away: lines that were drawn over are gone, as they are there. */
export async function linesOnScreen(output: string): Promise<Run[][]> {
  const terminal = new xterm.Terminal({ cols: columns, rows: 50, scrollback: 5000, allowProposedApi: true })
  await new Promise<void>(resolve => terminal.write(output, resolve))
  const { active } = terminal.buffer
  const lines = Array.from({ length: active.length }, (_, index) => runsOf(active.getLine(index)))
  terminal.dispose()
  while (lines.at(-1)?.length === 0) lines.pop()
  return lines
}

function runsOf(line: IBufferLine | undefined): Run[] {
  const runs: Run[] = []
  for (let column = 0; column < (line?.length ?? 0); column++) {
    const cell = line?.getCell(column)
    // The second half of a wide letter.
    if (!cell || cell.getWidth() === 0) continue
    const run = { column, cells: cell.getWidth(), text: cell.getChars() || " ", look: lookOf(cell) }
    const last = runs.at(-1)
    if (last && isAlike(last, run))
      runs[runs.length - 1] = { ...last, cells: last.cells + run.cells, text: last.text + run.text }
    else runs.push(run)
  }
  return runs.map(withoutSpacesAtEnd).filter(run => run.text !== "")
}

/** The rest of a line is spaces; a program may have written them, or nobody. */
function withoutSpacesAtEnd(run: Run): Run {
  const text = run.text.trimEnd()
  return { ...run, text, cells: run.cells - (run.text.length - text.length) }
}

/** Signs have other widths than letters in many fonts: each is placed on its own. */
function isAlike(one: Run, other: Run): boolean {
  const isPlain = (text: string) => /^[ -~]*$/.test(text)
  return JSON.stringify(one.look) === JSON.stringify(other.look) && isPlain(one.text) && isPlain(other.text)
}

function lookOf(cell: IBufferCell): Look {
  const style = { bold: cell.isBold() !== 0, dim: cell.isDim() !== 0 }
  if (cell.isFgDefault()) return style
  const number = cell.getFgColor()
  if (cell.isFgPalette() && number < 16) return { ...style, colour: number }
  return { ...style, colour: cell.isFgRGB() ? hex(number) : hex(paletteColour(number)) }
}

function hex(rgb: number): string {
  return `#${rgb.toString(16).padStart(6, "0")}`
}

/** Colours 16 to 231 are a cube of six steps each way, the others are greys. */
function paletteColour(number: number): number {
  if (number >= 232) return 0x010101 * (8 + 10 * (number - 232))
  const step = (value: number) => (value === 0 ? 0 : 55 + 40 * value)
  const index = number - 16
  const [red, green, blue] = [Math.floor(index / 36), Math.floor(index / 6) % 6, index % 6].map(step)
  return ((red ?? 0) << 16) | ((green ?? 0) << 8) | (blue ?? 0)
}
