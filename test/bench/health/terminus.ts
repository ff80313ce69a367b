import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { installCompetitors } from "../competitors.ts"
import { machine } from "../table.ts"
import { type Load, load, percentile } from "./load.ts"
import type { Kind } from "./servers.ts"

const connections = 10
const durationMs = 10_000

const situations: [string, Kind][] = [
  ["answer at once", "dependency-answers"],
  ["hang", "dependency-hangs"],
]
const contenders: [string, Kind][] = [
  ["Lockstep", "ours"],
  ["terminus 4.12.1", "terminus"],
]

/**
 * Times GET /health while two dependencies answer, and while they hang: Lockstep's router against terminus, with the
 * same checks and the same time limit of two seconds for each. Every server has a process of its own.
 *
 * @returns a table in Markdown, in milliseconds
 */
export async function benchHealth(): Promise<string> {
  await installCompetitors()
  const rows: string[] = []
  for (const [situation, dependency] of situations) {
    for (const [name, kind] of contenders) {
      rows.push(row(`dependencies ${situation}: ${name}`, await measure(kind, dependency)))
    }
  }
  return [
    `GET /health over ${connections} connections for ${durationMs / 1000} s each; ${machine()}`,
    "",
    "| what | status | requests | p50 ms | p99 ms |",
    "|---|---|---:|---:|---:|",
    ...rows,
  ].join("\n")
}

async function measure(kind: Kind, dependencyKind: Kind): Promise<Load> {
  const children: ChildProcess[] = []
  try {
    const dependency = await start(children, dependencyKind)
    const url = `${await start(children, kind, dependency)}/health`
    // The first requests meet cold code, and are not counted.
    await load(url, connections, 2500)
    return await load(url, connections, durationMs)
  } finally {
    for (const child of children) child.kill("SIGKILL")
  }
}

async function start(children: ChildProcess[], kind: Kind, ...args: string[]): Promise<string> {
  const file = fileURLToPath(new URL("servers.ts", import.meta.url))
  const child = spawn(process.execPath, ["--import", "tsx", file, kind, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  children.push(child)
  const [port] = await once(child.stdout, "data")
  return `http://127.0.0.1:${String(port).trim()}`
}

function row(what: string, { latencies, statuses }: Load): string {
  const times = [0.5, 0.99].map(share => percentile(latencies, share).toFixed(1))
  return `| ${[what, [...statuses].join(", "), latencies.length, ...times].join(" | ")} |`
}
