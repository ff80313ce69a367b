import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { startTwin } from "../../ci/engine/reproduce/twin.ts"
import { registryPort } from "../../ci/engine/versions.ts"
import { replaceTable } from "../bench/document.ts"
import { machine } from "../bench/table.ts"
import { ofNetwork } from "../docker-host/host.ts"
import { Clone } from "../e2e/clone.ts"
import { Mirror } from "../workflow/mirror.ts"
import { Runner } from "../workflow/runner.ts"
import { readWorkflow } from "../workflow/workflow.ts"
import { inOrder } from "./in-order.ts"

/** The jobs that a pull request waits for. */
const jobs = ["test", "build", "scan"] as const

/** How long the calls of a job took, and what they printed. */
interface Ended {
  readonly seconds: number
  readonly screen: string
}

let clone: Clone
let folder: string
let mirror: Mirror
let cache: string
const without: Ended[] = []
const filled: Ended[] = []
const filling: Ended[] = []

beforeAll(async () => {
  clone = await Clone.create()
  folder = await mkdtemp(join(tmpdir(), "lockstep-cache-"))
  mirror = await Mirror.of(clone.database)
  // The kit's registry stands for one that is elsewhere.
  cache = `${await ofNetwork("Gateway")}:${registryPort}/lockstep-ci-cache/${Date.now()}`
})

inOrder()

afterAll(async () => {
  mirror?.close()
  await clone?.remove()
  await rm(folder, { recursive: true, force: true })
  console.log(table())
  if (process.env.LOCKSTEP_WRITE_BENCHMARKS) await replaceTable("cache", table())
})

/** Runs one job of the workflow on an engine that has nothing, as a runner of GitHub's begins. */
async function onEmptyEngine(
  job: string,
  vars: Record<string, string> = {},
  matrix: Record<string, string> = {},
): Promise<Ended> {
  const twin = await startTwin("ci-cache")
  try {
    const settings = { LOCKSTEP_ENV: mirror.setting, ...vars }
    const engine = { _EXPERIMENTAL_DAGGER_RUNNER_HOST: twin.address }
    const event = { name: "push", vars: settings, secrets: {}, matrix, machine: engine }
    const place = await mkdtemp(join(folder, "run-"))
    const ran = (await new Runner(await readWorkflow(), clone.dir, place, event).run([job]))[job]
    const screen = ran?.steps.map(step => step.screen).join("\n") ?? ""
    expect(ran?.result, screen).toBe("success")
    const seconds = ran?.steps.reduce((sum, step) => sum + step.seconds, 0) ?? 0
    console.log(`${[job, ...Object.values(matrix)].join(" ")}: ${seconds.toFixed(1)} s`)
    return { seconds, screen }
  } finally {
    await twin.remove()
  }
}

test("without a cache, each job does all of its work", async () => {
  for (const job of jobs) without.push(await onEmptyEngine(job))
})

test("the job Cache writes what the others did", async () => {
  const parts = (await readWorkflow()).jobs.cache?.strategy?.matrix.part ?? []
  for (const part of parts) filling.push(await onEmptyEngine("cache", { DAGGER_CACHE: cache }, { part }))
})

test("with the cache, each job takes what is there, in a checkout of its own", async () => {
  for (const job of jobs) filled.push(await onEmptyEngine(job, { DAGGER_CACHE: cache }))
  for (const [index, ended] of filled.entries())
    expect(ended.seconds, jobs[index]).toBeLessThan(without[index]?.seconds ?? 0)
  // What the test runner prints at its end is there when it ran.
  expect(without[0]?.screen).toMatch(/Test Files .*passed/)
  expect(filled[0]?.screen).not.toMatch(/Test Files/)
})

test("a cache that is not there fails no job", async () => {
  await onEmptyEngine("test", { DAGGER_CACHE: `${await ofNetwork("Gateway")}:9/nowhere` })
})

function table(): string {
  const writing = filling.map(({ seconds }) => seconds.toFixed(1))
  const rows = jobs.map((job, index) => {
    const [before, after] = [without[index]?.seconds ?? Number.NaN, filled[index]?.seconds ?? Number.NaN]
    return `| ${[job, before.toFixed(1), after.toFixed(1), (after / before).toFixed(2)].join(" | ")} |`
  })
  return [
    `Once each, on engines that have nothing; to write the cache takes ${writing.join(", ")} s; ${machine()}`,
    "",
    "| job | without a cache, s | with the cache, s | ratio |",
    "|---|---:|---:|---:|",
    ...rows,
  ].join("\n")
}
