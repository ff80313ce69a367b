import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest"
import { expectAfterwards, watched } from "../deployment/afterwards.ts"
import { type Ran, ranTo, says, type TestStack } from "../deployment/deployer.ts"
import type { Mode } from "../deployment/real-docker.ts"
import { SetUp } from "../deployment/set-up.ts"
import type { Watch } from "../deployment/watch.ts"
import { Cluster } from "../docker-host/cluster.ts"
import type { DockerHost } from "../docker-host/host.ts"

// Three machines in one swarm of their own, all managers. The deployer talks to the second one: the first one leads.
let setUp: SetUp
let cluster: Cluster
let manager: DockerHost
let stack: TestStack

beforeAll(async () => {
  setUp = await SetUp.create()
})

beforeEach(async () => {
  cluster = await Cluster.start(`lockstep-faults-${process.pid}`, 3)
  manager = cluster.hosts[1] as DockerHost
  stack = await setUp.stackOn(manager, "cluster", cluster.hosts)
  expect(ranTo(await start("ok"))).toMatchObject({ exitCode: 0, error: undefined })
})

afterEach(() => cluster?.remove())

afterAll(() => setUp?.remove())

function start(mode: Mode) {
  return stack.start(stack.deployArgs(setUp.imageOn(manager, mode), "--replicas", "3"))
}

async function killInTheMiddle(mode: Mode, victim: DockerHost): Promise<{ ran: Ran; watch: Watch }> {
  const started = performance.now()
  const { ran, watch } = await watched(stack, async () => {
    const child = start(mode)
    await says(child, /backend: [012] of 3 healthy/)
    await victim.kill()
    return ranTo(await child)
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const requests = `${watch.failures.length} of ${watch.sent} requests failed`
  const gap = `a gap of ${watch.longestGapSeconds.toFixed(1)} s`
  console.log(`${ran.error?.message ?? "deployed"} after ${seconds} s; ${requests}, ${gap}`)
  return { ran, watch }
}

async function expectOneOf(ran: Ran, fresh: string, old: string): Promise<void> {
  expect([0, 20]).toContain(ran.exitCode)
  const [mode, outcome] = ran.exitCode === 0 ? [fresh, "deployed"] : [old, `rolled-back ${ran.error?.code}`]
  await expectAfterwards(stack, mode, [outcome])
}

it("a node that goes in the middle of a deploy: the others take its tasks", async () => {
  const edge = await cluster.nodeOf(`${stack.stack}_edge`, manager)
  const victim = cluster.hosts.find(host => host !== manager && host !== edge) as DockerHost
  const { ran, watch } = await killInTheMiddle("next", victim)
  expect(watch.failures).toEqual([])
  await expectOneOf(ran, "next", "ok")
  expect(ranTo(await start("ok"))).toMatchObject({ exitCode: 0, error: undefined })
})

it("the leader of the managers goes in the middle of a deploy: another one leads, the deploy goes on", async () => {
  const victim = await cluster.leader(manager)
  expect(victim).not.toBe(manager)
  const { ran } = await killInTheMiddle("next", victim)
  await expectOneOf(ran, "next", "ok")
  expect(await cluster.leader(manager)).not.toBe(victim)
  expect(ranTo(await start("ok"))).toMatchObject({ exitCode: 0, error: undefined })
})
