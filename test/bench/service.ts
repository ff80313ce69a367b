import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readFile } from "node:fs/promises"
import { Agent, get } from "node:http"
import { setTimeout as sleep } from "node:timers/promises"
import { execa } from "execa"
import { freePort } from "../deployment/real-docker.ts"
import { machine, median } from "./table.ts"

const starts = 9
const requests = 100_000
const connections = 32

/** What is started: the service as the image runs it, and beside it the least that Node can do. */
const programs = {
  "the service": ["--enable-source-maps", "dist/backend/main.cjs"],
  "node:http, one route": [
    "--eval",
    `require("node:http").createServer((_, response) => response.end("{}")).listen(process.env.PORT, "127.0.0.1")`,
  ],
}

type Name = keyof typeof programs

/**
 * Times the built service from the start of its process to the first answer that it is ready, in turn with a bare
 * Node server; then the resident memory of both after many requests.
 *
 * @returns a table in Markdown: seconds, and megabytes (10⁶ bytes)
 */
export async function benchService(): Promise<string> {
  await execa("npm", ["run", "--silent", "build:backend"])
  const names = Object.keys(programs) as Name[]
  const times = new Map<Name, number[]>(names.map(name => [name, []]))
  for (let round = 0; round < starts; round++) {
    for (const name of names) times.get(name)?.push(await timeStart(name))
  }
  const rows: string[] = []
  for (const name of names) {
    const memory = await measureMemory(name)
    const seconds = (times.get(name) ?? []).map(time => time / 1000)
    const cells = [Math.min(...seconds), median(seconds), Math.max(...seconds)].map(time => time.toFixed(3))
    rows.push(`| ${[name, ...cells, memory.before.toFixed(0), memory.after.toFixed(0)].join(" | ")} |`)
  }
  return [
    `${starts} starts each, then ${requests.toLocaleString("en")} requests to \`/health/live\`; ${machine()}`,
    "",
    "| what | ready after, min s | median s | max s | memory at start, MB | after the requests, MB |",
    "|---|---:|---:|---:|---:|---:|",
    ...rows,
  ].join("\n")
}

async function timeStart(name: Name): Promise<number> {
  const started = performance.now()
  const service = await start(name)
  const time = performance.now() - started
  await stop(service.child)
  return time
}

async function measureMemory(name: Name): Promise<{ before: number; after: number }> {
  const { child, port } = await start(name)
  const before = await residentMegabytes(child)
  await load(port)
  const after = await residentMegabytes(child)
  await stop(child)
  return { before, after }
}

async function start(name: Name): Promise<{ child: ChildProcess; port: number }> {
  const port = await freePort()
  const env = { NODE_ENV: "production", APP_ENV: "staging", CONFIG_DIR: "app/config", HOST: "127.0.0.1" }
  const child = spawn(process.execPath, programs[name], {
    env: { PATH: process.env.PATH, ...env, PORT: String(port) },
    stdio: "ignore",
  })
  while (!(await isReady(port))) await sleep(2)
  return { child, port }
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL")
  await once(child, "close")
}

function isReady(port: number): Promise<boolean> {
  return new Promise(resolve => {
    get(`http://127.0.0.1:${port}/health/ready`, response => {
      response.resume()
      resolve(response.statusCode === 200)
    }).once("error", () => resolve(false))
  })
}

/** A fixed number of requests over connections that stay open. */
async function load(port: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let left = requests
  const worker = async () => {
    while (left-- > 0) await request(port, agent)
  }
  await Promise.all(Array.from({ length: connections }, worker))
  agent.destroy()
}

function request(port: number, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ port, host: "127.0.0.1", path: "/health/live", agent }, response => {
      response.resume().once("end", resolve)
    }).once("error", reject)
  })
}

async function residentMegabytes({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8")
  return (Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024) / 1e6
}
