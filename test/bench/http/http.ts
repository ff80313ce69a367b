import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { closeSync, openSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { benchFolder, bundle, installCompetitors } from "../competitors.ts"
import { machine, median } from "../table.ts"
import type { ServerKind } from "./server.ts"

const rounds = 5
const seconds = 4
const warmUpSeconds = 1
const connections = 50
const baseline: ServerKind = "no-log"

const names: Record<ServerKind, string> = {
  "no-log": "Lockstep's application without its request log",
  lockstep: "Lockstep's application, a line for each request",
  "lockstep-info": "… at level info, as in production: no line for a probe that passes",
  winston: "… with winston 3.19.0 and express-winston 4.2.0 instead",
  morgan: "… with morgan 1.12.1 instead",
  "pino-http": "… with pino-http 11.0.0 instead",
  fastify: "Fastify 5.12.8 with its logger, that route alone",
  bare: "node:http without a log, that route alone",
}

interface Run {
  readonly requestsPerSecond: number
  /** Time of the processor that the server took for one request, of all its threads. */
  readonly microseconds: number
}

/**
 * Requests a second to /health/live. Each server has a process of its own and writes its log to /dev/null; the load
 * comes from autocannon in this process, the servers take turns. What other programs do at the same time changes
 * the requests a second a lot, and the time of the processor little.
 *
 * @returns a table in Markdown; ratios are to the application that logs nothing, and more is better in both
 */
export async function benchHttp(): Promise<string> {
  await installCompetitors()
  const folder = await mkdtemp(join(tmpdir(), "lockstep-bench-"))
  try {
    const program = join(folder, "server.cjs")
    await bundle("http/server.ts", program)
    const results = await measure(program)
    return [
      `${connections} connections, ${rounds} rounds of ${seconds} s; ${machine()}`,
      "",
      "| what | requests a second, min | median | max | ratio | processor, µs a request | ratio |",
      "|---|---:|---:|---:|---:|---:|---:|",
      ...[...results].map(([kind, runs]) => row(names[kind], runs, results.get(baseline) ?? [])),
    ].join("\n")
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function measure(program: string): Promise<Map<ServerKind, Run[]>> {
  const kinds = Object.keys(names) as ServerKind[]
  const results = new Map<ServerKind, Run[]>(kinds.map(kind => [kind, []]))
  for (let round = 0; round < rounds; round++) {
    for (const kind of kinds) results.get(kind)?.push(await measureOnce(program, kind))
  }
  return results
}

async function measureOnce(program: string, kind: ServerKind): Promise<Run> {
  const { child, url } = await start(program, kind)
  try {
    // The first requests meet cold code, and are not counted.
    await fire(url, warmUpSeconds)
    const before = await processorTime(child)
    const requests = await fire(url, seconds)
    const microseconds = ((await processorTime(child)) - before) / requests
    return { requestsPerSecond: requests / seconds, microseconds }
  } finally {
    child.kill("SIGKILL")
  }
}

async function processorTime(child: ChildProcess): Promise<number> {
  const answered = once(child, "message")
  child.send("how much?")
  const [{ user, system }] = await answered
  return user + system
}

async function start(program: string, kind: ServerKind): Promise<{ child: ChildProcess; url: string }> {
  const output = openSync("/dev/null", "w")
  const child = spawn(process.execPath, [program, kind, benchFolder], {
    env: { PATH: process.env.PATH, NODE_ENV: "production" },
    stdio: ["ignore", output, "inherit", "ipc"],
  })
  closeSync(output)
  const ended = once(child, "exit").then(() => [])
  const [port] = await Promise.race([once(child, "message"), ended])
  if (port === undefined) throw new Error(`the server ${kind} did not start`)
  return { child, url: `http://127.0.0.1:${port}/health/live` }
}

/** @returns how many requests were answered */
async function fire(url: string, duration: number): Promise<number> {
  const autocannon = createRequire(`${benchFolder}package.json`)("autocannon")
  const { requests, non2xx, errors } = await autocannon({ url, connections, duration })
  if (non2xx + errors > 0) throw new Error(`${non2xx} wrong answers and ${errors} errors from ${url}`)
  return requests.total
}

function row(name: string, runs: readonly Run[], base: readonly Run[]): string {
  const rates = runs.map(run => run.requestsPerSecond)
  const cells = [
    ...[Math.min(...rates), median(rates), Math.max(...rates)].map(rate => Math.round(rate)),
    (median(rates) / median(base.map(run => run.requestsPerSecond))).toFixed(2),
    microsecondsOf(runs).toFixed(1),
    (microsecondsOf(base) / microsecondsOf(runs)).toFixed(2),
  ]
  return `| ${[name, ...cells].join(" | ")} |`
}

const microsecondsOf = (runs: readonly Run[]): number => median(runs.map(run => run.microseconds))
