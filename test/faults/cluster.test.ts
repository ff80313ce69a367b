import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest"
import { expectAfterwards, watched } from "../deployment/afterwards.ts"
import { type Ran, ranTo, says, type TestStack } from "../deployment/deployer.ts"
import type { Mode } from "../deployment/real-docker.ts"
import { SetUp } from "../deployment/set-up.ts"
import { edgeLabel } from "../deployment/stack-files.ts"
import type { Watch } from "../deployment/watch.ts"
import { Cluster } from "../docker-host/cluster.ts"
import type { DockerHost } from "../docker-host/host.ts"

// Three machines in one swarm of their own, all managers. The first one leads, and the others may run the edge.
let setUp: SetUp
let cluster: Cluster
let stack: TestStack
let edge: DockerHost
/** The machine that could run the edge as well. */
let spare: DockerHost

beforeAll(async () => {
  setUp = await SetUp.create()
})

beforeEach(async () => {
  cluster = await Cluster.start(`lockstep-faults-${process.pid}`, 3)
  const [leader, ...others] = cluster.hosts as [DockerHost, ...DockerHost[]]
  for (const { name } of others) await leader.docker("node", "update", "--label-add", edgeLabel, name)
  stack = await setUp.stackOnCluster(cluster.hosts, leader)
  expect(await deploy(leader, "ok")).toMatchObject({ exitCode: 0, error: undefined })
  edge = await cluster.nodeOf(`${stack.stack}_edge`, leader)
  spare = others.find(host => host !== edge) as DockerHost
})

afterEach(() => cluster?.remove())

afterAll(() => setUp?.remove())

/** The deployer talks to one of the machines. */
function start(manager: DockerHost, mode: Mode) {
  stack = stack.at(manager.url)
  return stack.start(stack.deployArgs(setUp.imageOn(manager, mode), "--replicas", "3"))
}

async function deploy(manager: DockerHost, mode: Mode): Promise<Ran> {
  return ranTo(await start(manager, mode))
}

type Moment = (child: ReturnType<typeof start>) => Promise<unknown>

/** Deploys, and pulls the plug of a machine at that moment. */
async function deployAndKill(
  manager: DockerHost,
  mode: Mode,
  victim: DockerHost,
  moment: Moment,
): Promise<{ ran: Ran; watch: Watch }> {
  const started = performance.now()
  const { ran, watch } = await watched(stack, async () => {
    const child = start(manager, mode)
    await moment(child)
    await victim.kill()
    return ranTo(await child)
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const requests = `${watch.failures.length} of ${watch.sent} requests failed`
  const gap = `a gap of ${watch.longestGapSeconds.toFixed(1)} s`
  console.log(`${ran.error?.code ?? "deployed"} after ${seconds} s; ${requests}, ${gap}`)
  return { ran, watch }
}

const inTheMiddle: Moment = child => says(child, /backend: [012] of 3 healthy/)

/** When the machine has a task of the new release that does not yet serve. */
const startingOn = (victim: DockerHost, manager: DockerHost) => async () => {
  const filters = ["--filter", `node=${victim.name}`, "--filter", "desired-state=running"]
  const list = ["service", "ps", ...filters, "--format", "{{.CurrentState}}", `${stack.stack}_backend`]
  await expect.poll(() => manager.docker(...list), { timeout: 120_000, interval: 200 }).toMatch(/^Starting/m)
}

/** A task may have been starting on the machine that went, or not. */
async function expectNextOrOk(ran: Ran): Promise<void> {
  const lost = { exitCode: 20, error: { code: "DEPLOY_NODE_LOST" } }
  expect(ran).toMatchObject(ran.exitCode === 0 ? { error: undefined } : lost)
  const [mode, outcome] = ran.exitCode === 0 ? ["next", "deployed"] : ["ok", "rolled-back DEPLOY_NODE_LOST"]
  await expectAfterwards(stack, mode, [outcome, "deployed"])
}

it("a machine goes while a task starts on it: the old release is back on the others, and no request fails", async () => {
  const { ran, watch } = await deployAndKill(edge, "slow", spare, startingOn(spare, edge))
  expect(ran).toMatchObject({ exitCode: 20, error: { code: "DEPLOY_NODE_LOST" } })
  expect(watch.failures).toEqual([])
  await expectAfterwards(stack, "ok", ["rolled-back DEPLOY_NODE_LOST", "deployed"])
  expect(await deploy(edge, "next")).toMatchObject({ exitCode: 0, error: undefined })
})

it("the leader of the managers goes: another one leads, the deploy goes on, and no request fails", async () => {
  const victim = await cluster.leader(spare)
  expect(victim).not.toBe(edge)
  const { ran, watch } = await deployAndKill(edge, "next", victim, inTheMiddle)
  expect(watch.failures).toEqual([])
  await expectNextOrOk(ran)
  expect(await cluster.leader(edge)).not.toBe(victim)
  expect(await deploy(edge, "ok")).toMatchObject({ exitCode: 0, error: undefined })
})

// Its port is bound to that machine: until Swarm has found it gone, and started the edge elsewhere, nothing answers.
it("the machine of the edge goes: the service is back on another one, and the deploy ends", async () => {
  const { ran, watch } = await deployAndKill(spare, "next", edge, inTheMiddle)
  await expectNextOrOk(ran)
  expect(watch.longestGapSeconds).toBeLessThan(120)
  expect(await cluster.nodeOf(`${stack.stack}_edge`, spare)).toBe(spare)
  expect(await deploy(spare, "ok")).toMatchObject({ exitCode: 0, error: undefined })
})
