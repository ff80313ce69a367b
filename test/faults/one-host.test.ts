import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { expectAfterwards, watched } from "../deployment/afterwards.ts"
import { ranTo, says, type TestStack } from "../deployment/deployer.ts"
import type { Mode } from "../deployment/real-docker.ts"
import { SetUp } from "../deployment/set-up.ts"
import { FullDisk } from "../docker-host/full-disk.ts"
import { DockerHost, type HostOptions } from "../docker-host/host.ts"

// The tests of one group follow each other on one host: each shows that a new deploy works after what the one before did.
let setUp: SetUp
let host: DockerHost
let stack: TestStack

beforeAll(async () => {
  setUp = await SetUp.create()
})

afterAll(() => setUp?.remove())

/** A machine of this group's own, where the first release runs. */
function onHost(name: string, options: Partial<HostOptions> = {}): void {
  beforeAll(async () => {
    host = await DockerHost.start({ name: `lockstep-faults-${name}-${process.pid}`, ...options })
    await host.docker("swarm", "init", "--advertise-addr", host.address)
    stack = await setUp.stackOn(host, name)
    expect(await deploy("ok")).toMatchObject({ exitCode: 0, error: undefined })
  })

  afterAll(() => host?.remove())
}

function start(mode: Mode, ...more: string[]) {
  return stack.start(stack.deployArgs(setUp.imageOn(host, mode), "--replicas", "2", ...more))
}

type Deployer = ReturnType<typeof start>

async function deploy(mode: Mode) {
  return ranTo(await start(mode))
}

describe("a disk that is full", () => {
  const disk = () => new FullDisk(host)

  onHost("disk", { diskMegabytes: 700 })

  /** Does a deploy whose disk is full from its first change on, and something meanwhile. */
  async function deployOnFullDisk(args: [Mode, ...string[]], meanwhile = async (_: Deployer) => {}) {
    // So that the rest is written before a task has started.
    await disk().fillTo(16 * 1024)
    return watched(stack, async () => {
      const child = start(...args)
      await says(child, /release \d+: deploy/)
      await disk().fill()
      await meanwhile(child)
      return ranTo(await child)
    })
  }

  async function printTimes(): Promise<void> {
    const [{ ended }] = (await stack.run("history")).releases
    console.log(`disk full: found after ${ended.detectSeconds} s, ended after ${ended.seconds} s`)
  }

  it("before a deploy: it is refused, and no request fails", async () => {
    await disk().fill()
    const before = await stack.containers()
    const { ran, watch } = await watched(stack, () => deploy("next"))
    await disk().makeRoom()
    expect(ran).toMatchObject({ exitCode: 10, error: { code: "DEPLOY_DISK_FULL" } })
    expect(ran.error?.why).toContain("no space left on device")
    expect(watch.failures).toEqual([])
    expect(await stack.containers()).toEqual(before)
    await expectAfterwards(stack, "ok", ["deployed"])
  })

  it("in the middle, and somebody makes room: the old release is back, and no request fails", async () => {
    const { ran, watch } = await deployOnFullDisk(["next"], async child => {
      await says(child, /the target's disk is full: make room/)
      await disk().makeRoom()
    })
    expect(ran).toMatchObject({ exitCode: 20, error: { code: "DEPLOY_DISK_FULL" } })
    expect(ran.error?.why).toContain("no space left on device")
    expect(watch.failures).toEqual([])
    await expectAfterwards(stack, "ok", ["rolled-back DEPLOY_DISK_FULL", "deployed"])
    await printTimes()
    expect(await deploy("next")).toMatchObject({ exitCode: 0, error: undefined })
  })

  it("in the middle, and nobody makes room: no request fails, and the next deploy undoes it first", async () => {
    const { ran, watch } = await deployOnFullDisk(["ok", "--timeout", "30"])
    expect(ran).toMatchObject({ exitCode: 22, error: { code: "DEPLOY_DISK_FULL" } })
    expect(watch.failures).toEqual([])
    expect((await stack.outcomes())[0]).toBe("rollback-failed DEPLOY_DISK_FULL")
    await printTimes()
    expect(await deploy("ok")).toMatchObject({ exitCode: 10, error: { code: "DEPLOY_DISK_FULL" } })
    await disk().makeRoom()
    const again = await watched(stack, () => deploy("ok"))
    expect(again.ran).toMatchObject({ exitCode: 0, error: undefined })
    expect(again.watch.failures).toEqual([])
    await expectAfterwards(stack, "ok", ["deployed", "rollback-failed DEPLOY_DISK_FULL", "deployed"])
  })

  it("leaves nothing behind that stop could not remove", async () => {
    expect(await stack.run("stop")).toMatchObject({ exitCode: 0, error: undefined })
    expect(await stack.leftovers()).toEqual([])
    expect(await stack.docker("ps", "--all", "--quiet")).toBe("")
  })
})

// It stops all containers, so there is a gap. Swarm may then count the new tasks as failed, or start them again.
describe("a dockerd", () => {
  onHost("dockerd")

  it("that is restarted in the middle of a deploy: one of the releases is back within a minute", async () => {
    const { ran, watch } = await watched(stack, async () => {
      const child = start("next")
      await says(child, /backend: 0 of 2 healthy/)
      await host.restartDocker()
      return ranTo(await child)
    })
    const gap = `a gap of ${watch.longestGapSeconds.toFixed(1)} s`
    console.log(`dockerd restarted: exit code ${ran.exitCode} ${ran.error?.code ?? ""}, ${gap}`)
    expect(watch.longestGapSeconds).toBeLessThan(60)
    const [mode, outcome] = ran.exitCode === 0 ? ["next", /^deployed$/] : ["ok", /^rolled-back /]
    expect([0, 20]).toContain(ran.exitCode)
    await expectAfterwards(stack, mode as string, [expect.stringMatching(outcome as RegExp)])
    expect(await deploy("ok")).toMatchObject({ exitCode: 0, error: undefined })
  })
})
