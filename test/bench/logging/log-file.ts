import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { benchFolder, bundle, installCompetitors } from "../competitors.ts"
import { machine, median } from "../table.ts"
import type { WriterKind } from "./writer.ts"

const rounds = 5
const lines = 200_000
const baseline: WriterKind = "pino-sync"

const names: Record<WriterKind, string> = {
  lockstep: "Lockstep: rotating file",
  "lockstep-and-stdout": "Lockstep: rotating file, and the standard output to /dev/null",
  "pino-sync": "pino 10.4.0 to a plain file (pino.destination)",
  "pino-async": "pino 10.4.0 to a plain file, asynchronous (sync: false)",
  "pino-roll": "pino-roll 4.0.0 in the process",
  "pino-roll-transport": "pino-roll 4.0.0 as a transport",
  winston: "winston 3.19.0 with winston-daily-rotate-file 5.0.0",
}

interface Run {
  readonly linesPerSecond: number
  readonly lost: number
  readonly torn: number
  readonly largestBytes: number
}

/**
 * Writes lines of a request log to files of at most 10 MB, in processes of their own, the kinds in turn. The time
 * ends when the writer says that all is in the file; then the lines are counted.
 *
 * @returns a table in Markdown: lines a second, ratio to pino with a plain file, and what is wrong with the files
 */
export async function benchLogFile(): Promise<string> {
  await installCompetitors()
  const folder = await mkdtemp(join(tmpdir(), "lockstep-bench-"))
  try {
    const program = join(folder, "writer.cjs")
    await bundle("logging/writer.ts", program)
    const runs = await measure(program, folder)
    const base = speedOf(runs.get(baseline))
    return [
      `${lines.toLocaleString("en")} lines, median of ${rounds} rounds; ${machine()}`,
      "",
      "| what | lines a second | ratio | lost | torn | largest file, MB |",
      "|---|---:|---:|---:|---:|---:|",
      ...[...runs].map(([kind, results]) => row(names[kind], results, base)),
    ].join("\n")
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function measure(program: string, folder: string): Promise<Map<WriterKind, Run[]>> {
  const kinds = Object.keys(names) as WriterKind[]
  const runs = new Map<WriterKind, Run[]>(kinds.map(kind => [kind, []]))
  for (let round = 0; round < rounds; round++) {
    for (const kind of kinds) runs.get(kind)?.push(await runOnce(program, kind, folder))
  }
  return runs
}

async function runOnce(program: string, kind: WriterKind, parent: string): Promise<Run> {
  const folder = await mkdtemp(join(parent, "files-"))
  const args = [program, kind, folder, String(lines), benchFolder]
  const { stderr } = await execa(process.execPath, args, { stdout: { file: "/dev/null" } })
  const counted = await count(folder)
  await rm(folder, { recursive: true })
  return { ...counted, linesPerSecond: lines / (Number(stderr) / 1000) }
}

async function count(folder: string): Promise<Omit<Run, "linesPerSecond">> {
  const seen = new Set<number>()
  let torn = 0
  let largestBytes = 0
  for (const name of await readdir(folder)) {
    // winston-daily-rotate-file keeps a list of its files beside them.
    if (name.startsWith(".")) continue
    const content = await readFile(join(folder, name))
    largestBytes = Math.max(largestBytes, content.length)
    for (const line of content.toString().split("\n").filter(Boolean)) {
      const n = numberOf(line)
      if (n === undefined) torn++
      else seen.add(n)
    }
  }
  return { lost: lines - seen.size, torn, largestBytes }
}

function numberOf(line: string): number | undefined {
  try {
    return (JSON.parse(line) as { n: number }).n
  } catch {
    return undefined
  }
}

const speedOf = (runs: readonly Run[] = []): number => median(runs.map(run => run.linesPerSecond))

function row(name: string, runs: readonly Run[], base: number): string {
  const speed = speedOf(runs)
  const worst = (pick: (run: Run) => number) => Math.max(...runs.map(pick))
  const cells = [
    Math.round(speed / 1000) * 1000,
    (speed / base).toFixed(2),
    worst(run => run.lost),
    worst(run => run.torn),
    (worst(run => run.largestBytes) / 1e6).toFixed(1),
  ]
  return `| ${[name, ...cells].join(" | ")} |`
}
