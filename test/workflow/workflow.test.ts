import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ensurePackages } from "../../ci/engine/steps/docker.ts"
import { status as answerWith, Receiver } from "../ci/deployer/notification/receiver.ts"
import { freePort } from "../deployment/real-docker.ts"
import { ofNetwork } from "../docker-host/host.ts"
import { Clone } from "../e2e/clone.ts"
import { Mirror } from "./mirror.ts"
import { type Event, type JobResult, Runner } from "./runner.ts"
import { readWorkflow } from "./workflow.ts"

const project = `e2eworkflow${process.pid}`

let clone: Clone
let folder: string
let mirror: Mirror
let settings: string

beforeAll(async () => {
  // GitHub's runners have it.
  await ensurePackages(["jq"], "jq")
  clone = await Clone.create()
  // Other tests call the engine at the same time, and it mixes up equal modules (dagger#11625): this is another one.
  await appendFile(join(clone.dir, "ci", "src", "index.ts"), "// The module of the workflow's tests.\n")
  await clone.commitAll("another module")
  folder = await mkdtemp(join(tmpdir(), "lockstep-workflow-"))
  const [stagingPort, prodPort] = [await freePort(), await freePort()]
  mirror = await Mirror.of(clone.database)
  settings = [
    ...["DOCKER=unix:///var/run/docker.sock", "REGISTRY=tcp://localhost:5000", `PROJECT=${project}`],
    ...[`STAGING_PORT=${stagingPort}`, `PRODUCTION_PORT=${prodPort}`],
    ...[mirror.setting, "WEBHOOK=env://WEBHOOK"],
  ].join("\n")
})

afterAll(async () => {
  mirror?.close()
  for (const env of ["staging", "prod"])
    for (const verb of ["stop", "clean"]) await clone?.call(`--project=${project}`, verb, "--env", env)
  await clone?.remove()
  await rm(folder, { recursive: true, force: true })
})

async function runnerOf(event: Pick<Event, "name" | "inputs">, webhook: string): Promise<Runner> {
  const vars = { LOCKSTEP_ENV: settings }
  const place = await mkdtemp(join(folder, "run-"))
  return new Runner(await readWorkflow(), clone.dir, place, { vars, secrets: { WEBHOOK: webhook }, ...event })
}

/** A webhook that the containers of a call can reach. */
async function listener(): Promise<Receiver> {
  return await Receiver.listenAt(await ofNetwork("Gateway"), answerWith(200))
}

const step = (job: JobResult | undefined, name: string) => job?.steps.find(one => one.name === name)
const outcomes = (jobs: Record<string, JobResult>) =>
  Object.fromEntries(Object.entries(jobs).map(([name, { result }]) => [name, result]))
const screens = (jobs: Record<string, JobResult>) =>
  Object.values(jobs)
    .flatMap(({ steps }) => steps.filter(({ exitCode }) => exitCode !== 0).map(({ screen }) => screen))
    .join("\n")

function withoutTimes(verdict: string): object {
  const { at: _, database, ...rest } = JSON.parse(verdict)
  return { ...rest, database: { ...database, ageDays: undefined } }
}

async function running(env: string): Promise<{ images: { name: string; digest: string }[] }> {
  return JSON.parse(
    await clone.succeed(`--project=${project}`, "history", "--env", env, "--limit=1", "--format=json"),
  ).releases[0]
}

describe("the workflow's steps, run as GitHub would", () => {
  let digest: string

  test("test, build, scan, deploy and promote a push to main: the same digests and verdict as here", async () => {
    const receiver = await listener()
    const runner = await runnerOf({ name: "push" }, receiver.url.href)
    const jobs = await runner.run()
    await receiver.close()
    expect(outcomes(jobs), screens(jobs)).toEqual({
      ...{ test: "success", build: "success", scan: "success", cache: "skipped", "code-scanning": "skipped" },
      ...{ staging: "success", production: "success", rollback: "skipped", notification: "skipped" },
    })

    const built = await clone.succeed("build")
    expect((await readFile(runner.artifact("build"), "utf8")).trim()).toBe(built)
    digest = /^backend +(sha256:\S+)$/m.exec(built)?.[1] ?? ""
    expect(jobs.staging?.outputs).toEqual({ digest })
    for (const env of ["staging", "prod"]) {
      const { images } = await running(env)
      for (const { name, digest: own } of images) expect(built).toMatch(new RegExp(`^${name} +${own}$`, "m"))
    }

    const here = await clone.succeed("security-scan", "--format=json")
    const there = await readFile(join(runner.artifact("security-report"), "verdict.json"), "utf8")
    expect(withoutTimes(there)).toEqual(withoutTimes(here))
    for (const name of ["workflows", "workflow-syntax"])
      expect(JSON.parse(there).scans).toContainEqual(
        expect.objectContaining({ name, state: "done", findings: [] }),
      )
    expect(receiver.bodies.map(body => JSON.parse(body).lockstep.kind)).toEqual(["deploy", "promotion"])
  })

  test("bring a release back by its digest, when somebody asks for it", async () => {
    const inputs = { environment: "staging", release: digest }
    const receiver = await listener()
    const jobs = await (await runnerOf({ name: "workflow_dispatch", inputs }, receiver.url.href)).run()
    await receiver.close()
    expect(outcomes(jobs), screens(jobs)).toMatchObject({
      test: "skipped",
      staging: "skipped",
      rollback: "success",
    })
    expect(await running("staging")).toMatchObject({ kind: "rollback", restores: 1, actor: "ada" })
  })

  test("deploy nothing when the test fails, end as the call does here, and tell the webhook", async () => {
    await clone.keepOneTest('test("passes", () => expect(1).toBe(1))')
    await appendFile(join(clone.dir, "app", "backend", "main.ts"), "\nconst unused: number = 'x'\n")
    await clone.commitAll("broken")
    const receiver = await listener()
    const jobs = await (await runnerOf({ name: "push" }, receiver.url.href)).run()
    await receiver.close()
    expect(outcomes(jobs)).toMatchObject({ test: "failure", staging: "skipped", production: "skipped" })
    expect(step(jobs.test, "Test")?.exitCode).toBe((await clone.call("test")).exitCode)
    expect(outcomes(jobs)).toMatchObject({ notification: "success" })
    expect(receiver.bodies.map(body => JSON.parse(body).text)).toEqual([
      "CI/CD of main failed; nothing was deployed: https://github.example/owner/shop/actions/runs/1",
    ])
  })

  test("end with an error in production when staging runs another digest than the one that was approved", async () => {
    const other = `sha256:${"0".repeat(64)}`
    const call = [`--project=${project}`, "production", `--digest=${other}`]
    const { exitCode, screen } = await clone.call(...call)
    expect(exitCode).toBe(10)
    expect(screen).toContain("error DEPLOY_OTHER_DIGEST: staging does not run what is to be promoted")
  })
})
