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

  type Moment = (child: Deployer) => Promise<unknown>

  const firstChange: Moment = child => says(child, /release \d+: deploy/)
  /** One of a release that is slow to start: it stays in that state for some seconds. */
  const firstContainer: Moment = async () => {
    const list = ["service", "ps", "--format", "{{.CurrentState}}", `${stack.stack}_backend`]
    await expect.poll(() => host.docker(...list), { timeout: 60_000, interval: 200 }).toMatch(/^Starting/m)
  }

  /** Does a deploy whose disk is full from that moment on, and something meanwhile. */
  async function deployOnFullDisk(args: [Mode, ...string[]], moment: Moment, meanwhile?: Moment) {
    // So that the rest is written in no time.
    await disk().fillTo(16 * 1024)
    return watched(stack, async () => {
      const child = start(...args)
      await moment(child)
      await disk().fill()
      await meanwhile?.(child)
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

  // Swarm's agent can still write that it failed, or it cannot: what comes of it is the same.
  it.each([
    ["its first change", "ok", "next", firstChange],
    ["its first container", "next", "slow", firstContainer],
  ] as const)(
    "from %s on, and somebody makes room: the old release is back, and no request fails",
    async (_, old, fresh, moment) => {
      const { ran, watch } = await deployOnFullDisk([fresh], moment, async child => {
        await says(child, /the target's disk is full: make room/)
        await disk().makeRoom()
      })
      expect(ran).toMatchObject({ exitCode: 20, error: { code: "DEPLOY_DISK_FULL" } })
      expect(ran.error?.why).toContain("no space left on device")
      expect(watch.failures).toEqual([])
      await expectAfterwards(stack, old, ["rolled-back DEPLOY_DISK_FULL", "deployed"])
      await printTimes()
      expect(await deploy(fresh)).toMatchObject({ exitCode: 0, error: undefined })
    },
  )

  it("from its first change on, and nobody makes room: no request fails, and the next deploy undoes it first", async () => {
    const { ran, watch } = await deployOnFullDisk(["ok", "--timeout", "30"], firstChange)
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
