import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { expect, onTestFinished, test } from "vitest"
import { type LogRecord, serve } from "./support.ts"

/** The process as development runs it, with nothing in its environment but what the test says. */
function run(env: Record<string, string>) {
  const child = spawn(process.execPath, ["--import", "tsx", "app/backend/main.ts"], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let stdout = ""
  let stderr = ""
  child.stdout.setEncoding("utf8").on("data", chunk => {
    stdout += chunk
  })
  child.stderr.setEncoding("utf8").on("data", chunk => {
    stderr += chunk
  })
  onTestFinished(() => void child.kill("SIGKILL"))
  const records = () =>
    stdout
      .split("\n")
      .slice(0, -1)
      .map(line => JSON.parse(line) as LogRecord)
  return { child, closed: once(child, "close"), records, output: () => stdout + stderr, stderr: () => stderr }
}

async function runReady(env: Record<string, string>) {
  const started = run({ HOST: "127.0.0.1", PORT: "0", DIAGNOSTICS: "on", ...env })
  const listening = () => started.records().find(record => record.message === "listening")
  await expect.poll(listening, { timeout: 20_000 }).toBeDefined()
  return { ...started, base: `http://127.0.0.1:${listening()?.port}` }
}

test("SIGTERM fails readiness, lets a slow request finish and exits with 0", {
  timeout: 40_000,
}, async () => {
  const env = {
    NODE_ENV: "production",
    APP_ENV: "staging",
    SHUTDOWN_DRAIN_MS: "2000",
    SHUTDOWN_TIMEOUT_MS: "20000",
  }
  const { base, child, closed, records, stderr } = await runReady(env)
  expect((await fetch(`${base}/health/ready`)).status).toBe(200)
  const slow = fetch(`${base}/api/diagnostics/wait?ms=3000`, { headers: { "x-request-id": "slow" } })
  await sleep(200)

  child.kill("SIGTERM")
  await expect.poll(async () => (await fetch(`${base}/health/ready`)).status, { timeout: 1500 }).toBe(503)
  expect((await fetch(`${base}/health/live`)).status).toBe(200)
  expect((await fetch(`${base}/api/version`)).headers.get("connection")).toBe("close")

  const answer = await slow
  expect(await answer.json()).toEqual({ waitedMs: 3000 })
  expect(await closed).toEqual([0, null])
  expect(stderr()).toBe("")
  const lines = records()
  expect(lines.find(line => line.correlationId === "slow")).toMatchObject({ status: 200, aborted: false })
  expect(lines.every(line => line.service === "lockstep-backend" && line.environment === "staging")).toBe(
    true,
  )
  expect(lines.at(-1)).toMatchObject({ level: "info", message: "stopped" })
})

test("a request that outlasts the limit is cut, and the exit code tells", { timeout: 40_000 }, async () => {
  const { base, child, closed } = await runReady({ SHUTDOWN_DRAIN_MS: "0", SHUTDOWN_TIMEOUT_MS: "300" })
  const cut = expect(fetch(`${base}/api/diagnostics/wait?ms=10000`)).rejects.toThrow()
  await sleep(200)
  child.kill("SIGINT")
  await cut
  expect(await closed).toEqual([1, null])
})

test("a bad configuration exits with 78, names every variable and shows no value", {
  timeout: 40_000,
}, async () => {
  const bad = {
    PORT: "hunter2-a",
    LOG_LEVEL: "hunter2-b",
    APP_DIGEST: "hunter2-c",
    APP_COMMIT_FILE: "/hunter2-d",
  }
  const { closed, output, records } = run({ ...bad, APP_ENV: "hunter2-e" })
  expect(await closed).toEqual([78, null])
  expect(output()).not.toContain("hunter2")
  const names = records().map(record => record.variable)
  expect(names.sort()).toEqual(["APP_COMMIT_FILE", "APP_DIGEST", "APP_ENV", "LOG_LEVEL", "PORT"])
  for (const record of records()) expect(record).toMatchObject({ level: "fatal", rule: /\w/, hint: /\w/ })
})

test("a port that is taken ends the process with a logged error", { timeout: 40_000 }, async () => {
  const { base } = await runReady({})
  const second = run({ HOST: "127.0.0.1", PORT: new URL(base).port })
  expect(await second.closed).toEqual([1, null])
  expect(second.records().at(-1)).toMatchObject({ level: "fatal", err: { message: /EADDRINUSE/ } })
})

test("the log file has every line that the standard output has", { timeout: 40_000 }, async () => {
  const dir = await mkdtemp(join(tmpdir(), "main-test-"))
  onTestFinished(() => rm(dir, { recursive: true }))
  const { base, child, closed, records } = await runReady({ LOG_FILE: join(dir, "app.log") })
  await Promise.all(Array.from({ length: 50 }, () => fetch(`${base}/api/version`)))
  child.kill("SIGTERM")
  expect(await closed).toEqual([0, null])
  const lines = (await readFile(join(dir, "app.log"), "utf8")).trimEnd().split("\n")
  expect(lines.map(line => JSON.parse(line))).toEqual(records())
  expect(records().filter(record => record.route === "/api/version")).toHaveLength(50)
})

test("SIGUSR2 makes a running process more talkative, and says so", { timeout: 40_000 }, async () => {
  const { base, child, records } = await runReady({ LOG_LEVEL: "info" })
  const probes = () => records().filter(record => record.path === "/health/live").length
  await fetch(`${base}/health/live`)
  child.kill("SIGUSR2")
  const changed = () => records().find(record => record.message === "log level changed")
  await expect.poll(changed, { timeout: 5000 }).toMatchObject({ from: "info", to: "debug" })
  expect(probes()).toBe(0)
  await fetch(`${base}/health/live`)
  await expect.poll(probes, { timeout: 5000 }).toBe(1)
})

test("checks run in the background, each run with a correlation id of its own", {
  timeout: 40_000,
}, async () => {
  const ids: string[] = []
  const api = await serve((request, response) => {
    ids.push(String(request.headers["x-request-id"]))
    response.end(JSON.stringify({ data: [{ id: "small" }] }))
  })
  const llm = { LLM_API_KEY: "0123456789", LLM_MODEL: "small", LLM_API_BASE_URL: `${api}/v1` }
  const timing = { HEALTH_CHECK_INTERVAL_MS: "100", HEALTH_CHECK_TIMEOUT_MS: "90" }
  const { base } = await runReady({ ...llm, ...timing })
  await expect.poll(() => ids.length, { timeout: 10_000 }).toBeGreaterThan(2)
  expect(new Set(ids).size).toBe(ids.length)
  const health = (await (await fetch(`${base}/health`)).json()) as { dependencies: LogRecord[] }
  const check = health.dependencies.find(({ name }) => name === "llm-api")
  expect(check).toMatchObject({ status: "healthy", lastError: null })
})
