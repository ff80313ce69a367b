import { afterAll, beforeAll, expect, it } from "vitest"
import { expectAfterwards, watched } from "../deployment/afterwards.ts"
import { ranTo, says, type TestStack } from "../deployment/deployer.ts"
import type { Mode } from "../deployment/real-docker.ts"
import { SetUp } from "../deployment/set-up.ts"
import { DockerHost } from "../docker-host/host.ts"

// The tests follow each other on one host: each shows that a new deploy works after what the one before did.
const diskMegabytes = 700
const fill = "/var/lib/docker/fill"

let setUp: SetUp
let host: DockerHost
let stack: TestStack

beforeAll(async () => {
  setUp = await SetUp.create()
  host = await DockerHost.start({ name: `lockstep-faults-${process.pid}`, diskMegabytes })
  await host.docker("swarm", "init", "--advertise-addr", host.address)
  stack = await setUp.stackOn(host, "host")
  expect(await deploy("ok")).toMatchObject({ exitCode: 0, error: undefined })
})

afterAll(async () => {
  await setUp?.remove()
  await host?.remove()
})

function start(mode: Mode) {
  return stack.start(stack.deployArgs(setUp.imageOn(host, mode), "--replicas", "2"))
}

async function deploy(mode: Mode) {
  return ranTo(await start(mode))
}

async function fillDisk(): Promise<void> {
  await host.inside(
    `head -c ${diskMegabytes}M /dev/zero > ${fill} 2>/dev/null; df /var/lib/docker | grep 100%`,
  )
}

it("a disk that is full before a deploy: refused, and no request fails", async () => {
  await fillDisk()
  const before = await stack.containers()
  const { ran, watch } = await watched(stack, () => deploy("next"))
  await host.inside(`rm ${fill}`)
  expect(ran).toMatchObject({ exitCode: 10, error: { code: "DEPLOY_DISK_FULL" } })
  expect(ran.error?.why).toContain("no space left on device")
  expect(watch.failures).toEqual([])
  expect(await stack.containers()).toEqual(before)
  await expectAfterwards(stack, "ok", ["deployed"])
})

it("a disk that fills in the middle of a deploy: the old release goes on, and no request fails", async () => {
  const before = await stack.containers()
  const { ran, watch } = await watched(stack, async () => {
    const child = start("next")
    await says(child, /release \d+: deploy/)
    await fillDisk()
    return ranTo(await child)
  })
  await host.inside(`rm ${fill}`)
  expect(ran).toMatchObject({ exitCode: 20, error: { code: "DEPLOY_DISK_FULL" } })
  expect(watch.failures).toEqual([])
  expect(await stack.containers()).toEqual(before)
  await expectAfterwards(stack, "ok", ["rolled-back DEPLOY_DISK_FULL", "deployed"])
})

// It stops all containers, so there is a gap. Swarm may then count the new tasks as failed, or start them again.
it("a dockerd that is restarted in the middle of a deploy: one of the releases is back within a minute", async () => {
  const { ran, watch } = await watched(stack, async () => {
    const child = start("next")
    await says(child, /backend: 0 of 2 healthy/)
    await host.restartDocker()
    return ranTo(await child)
  })
  console.log(
    `dockerd restarted: exit code ${ran.exitCode}, a gap of ${watch.longestGapSeconds.toFixed(1)} s`,
  )
  expect(watch.longestGapSeconds).toBeLessThan(60)
  const [mode, outcome] = ran.exitCode === 0 ? ["next", /^deployed$/] : ["ok", /^rolled-back /]
  expect([0, 20]).toContain(ran.exitCode)
  await expectAfterwards(stack, mode as string, [expect.stringMatching(outcome as RegExp)])
  expect(await deploy("ok")).toMatchObject({ exitCode: 0, error: undefined })
})
