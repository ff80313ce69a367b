import { beforeAll, expect, it } from "vitest"
import { expectAfterwards, watched } from "../deployment/afterwards.ts"
import { ranTo, says, type TestStack } from "../deployment/deployer.ts"
import type { SetUp } from "../deployment/set-up.ts"

/** Loaded into a deployer, makes its clock wrong. Docker's own stays right. */
function clockOff(minutes: number): string[] {
  const wrong = `const right = Date.now, Right = Date, off = ${minutes * 60_000}
globalThis.Date = class extends Right {
  constructor(...args) { args.length ? super(...args) : super(right() + off) }
  static now() { return right() + off }
}`
  return ["--import", `data:text/javascript,${encodeURIComponent(wrong)}`]
}

export function earlyEnds(setUp: () => SetUp): void {
  let stack: TestStack
  const args = (mode: "ok" | "next") => stack.deployArgs(setUp().images[mode], "--replicas", "2")

  beforeAll(async () => {
    stack = await setUp().stackOfTwo("ends")
    expect(ranTo(await stack.start(args("ok")))).toMatchObject({ exitCode: 0, error: undefined })
  })

  it.sequential("SIGTERM in the middle: the old release is back, and no request fails", async () => {
    const { ran, watch } = await watched(stack, async () => {
      const child = stack.start(args("next"))
      await says(child, /backend: 0 of 2 healthy/)
      child.kill("SIGTERM")
      return ranTo(await child)
    })
    expect(ran).toMatchObject({ exitCode: 20, error: { code: "DEPLOY_INTERRUPTED" } })
    expect(watch.failures).toEqual([])
    await expectAfterwards(stack, "ok", ["rolled-back DEPLOY_INTERRUPTED", "deployed"])
  })

  it.sequential("two at once: one is done, the other ends with 11 and changes nothing", async () => {
    const both = [stack.start(args("next")), stack.start(args("next"))]
    const ran = (await Promise.all(both)).map(ranTo)
    const refused = ran.find(({ exitCode }) => exitCode !== 0)
    expect(ran.map(({ exitCode }) => exitCode).sort()).toEqual([0, 11])
    expect(refused).toMatchObject({ outcome: "locked", error: { code: "DEPLOY_LOCKED" } })
    await expectAfterwards(stack, "next", ["deployed", "rolled-back DEPLOY_INTERRUPTED", "deployed"])
  })

  it.sequential("clocks that are 20 minutes apart: the lock holds, and the history stays in order", async () => {
    const early = stack.start(args("ok"), {}, clockOff(-10))
    await says(early, /release \d+: deploy/)
    const late = stack.start(args("next"), {}, clockOff(10))
    expect(ranTo(await late)).toMatchObject({ exitCode: 11, error: { code: "DEPLOY_LOCKED" } })
    expect(ranTo(await early)).toMatchObject({ exitCode: 0, error: undefined })
    await expectAfterwards(stack, "ok", ["deployed", "deployed", "rolled-back DEPLOY_INTERRUPTED"])
    const [newest, before] = (await stack.run("history")).releases
    expect(newest).toMatchObject({ number: before.number + 1, running: true })
    expect(newest.time < before.time).toBe(true)
  })

  it.sequential("SIGKILL in the middle: the next deploy takes the lock over within 40 s", async () => {
    const { ran, watch } = await watched(stack, async () => {
      const child = stack.start(args("next"))
      await says(child, /backend: 0 of 2 healthy/)
      child.kill("SIGKILL")
      await child
      return takeOver()
    })
    expect(watch.failures).toEqual([])
    expect(ran.seconds).toBeLessThan(40)
    await expectAfterwards(stack, "ok", ["deployed", "interrupted", "deployed", "deployed"])
  })

  async function takeOver(): Promise<{ seconds: number }> {
    expect(await stack.run("status")).toMatchObject({ lock: { verb: "deploy" } })
    // Nobody can tell yet whether the holder of the lock is at work.
    expect((await stack.outcomes())[0]).toBe("under way")
    const started = performance.now()
    const child = stack.start(args("ok"))
    await says(child, /release \d+: deploy/)
    const seconds = (performance.now() - started) / 1000
    expect(ranTo(await child)).toMatchObject({ exitCode: 0, error: undefined })
    return { seconds }
  }
}
