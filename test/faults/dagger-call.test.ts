import { execa } from "execa"
import { afterAll, beforeAll, expect, test } from "vitest"
import { freePort } from "../deployment/real-docker.ts"
import { Watch } from "../deployment/watch.ts"
import { Clone } from "../e2e/clone.ts"

const project = `killed${process.pid}`

let clone: Clone
let port: number

const deployFlags = () => ["deploy", "--env", "staging", "--port", String(port), "--format=json"]
const call = (...args: string[]) => clone.call(`--project=${project}`, ...args)

beforeAll(async () => {
  clone = await Clone.create()
  port = await freePort()
  const { exitCode, screen } = await call(...deployFlags())
  expect(exitCode, screen).toBe(0)
})

afterAll(async () => {
  const ended = [await call("stop", "--env", "staging"), await call("clean", "--env", "staging")]
  await clone?.remove()
  for (const { exitCode, screen } of ended) expect(exitCode, screen).toBe(0)
})

async function answerTo(verb: "history" | "status") {
  const { exitCode, stdout, screen } = await call(verb, "--env", "staging", "--format=json")
  expect(exitCode, screen).toBe(0)
  return JSON.parse(stdout)
}

const history = async () => (await answerTo("history")).releases

/** Kills the call once it has begun to change something: its release is recorded. */
async function killedInTheMiddle(signal: "SIGTERM" | "SIGKILL", known: number): Promise<void> {
  const args = ["--progress=plain", "call", `--project=${project}`, ...deployFlags(), "--replicas=2"]
  const child = execa("dagger", args, { cwd: clone.dir, reject: false, forceKillAfterDelay: false })
  const filter = `label=io.lockstep.stack=${project}-staging`
  const begun = async () => {
    const { stdout } = await execa("docker", ["config", "ls", "--filter", filter, "--format", "{{.Name}}"])
    return stdout.includes(`.release.${known + 1}`)
  }
  await expect.poll(begun, { timeout: 240_000, interval: 300 }).toBe(true)
  child.kill(signal)
  expect((await child).failed).toBe(true)
}

// How the deployer in the engine ends then is the engine's affair: in order, or without a word.
test.each(["SIGTERM", "SIGKILL"] as const)("dagger call killed with %s in the middle", async signal => {
  const known = (await history())[0].number
  const watch = Watch.start(`http://localhost:${port}/health/live`)
  try {
    await killedInTheMiddle(signal, known)
    const { exitCode, screen } = await call(...deployFlags())
    expect(exitCode, screen).toBe(0)
  } finally {
    await watch.end()
  }
  expect(watch.failures).toEqual([])
  const [newest, killed] = await history()
  console.log(`${signal}: ${killed.ended.outcome}, 0 of ${watch.sent} requests failed`)
  expect(newest).toMatchObject({ number: known + 2, running: true, ended: { outcome: "deployed" } })
  expect(["interrupted", "rolled-back"]).toContain(killed.ended.outcome)
  expect((await answerTo("status")).lock).toBeNull()
})
