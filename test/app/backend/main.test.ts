import { spawn } from "node:child_process"
import { once } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import { expect, onTestFinished, test } from "vitest"
import type { LogRecord } from "./support.ts"

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
  const listening = () => started.records().find(record => record.msg === "listening")
  await expect.poll(listening, { timeout: 20_000 }).toBeDefined()
  return { ...started, base: `http://127.0.0.1:${listening()?.port}` }
}

test("SIGTERM fails readiness, lets a slow request finish and exits with 0", {
  timeout: 40_000,
}, async () => {
  const env = { APP_ENV: "production", SHUTDOWN_DRAIN_MS: "2000", SHUTDOWN_TIMEOUT_MS: "20000" }
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
  expect(lines.find(line => line.requestId === "slow")).toMatchObject({ status: 200, aborted: false })
  expect(lines.every(line => line.service === "lockstep-backend" && line.environment === "production")).toBe(
    true,
  )
  expect(lines.at(-1)).toMatchObject({ level: "info", msg: "stopped" })
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
