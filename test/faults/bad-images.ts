import { beforeAll, expect, it } from "vitest"
import { expectAfterwards, watched } from "../deployment/afterwards.ts"
import type { TestStack } from "../deployment/deployer.ts"
import type { SetUp } from "../deployment/set-up.ts"

const replicas = ["--replicas", "2"]

export function badImages(setUp: () => SetUp): void {
  let stack: TestStack
  const image = (mode: "ok" | "sick" | "slow") => setUp().images[mode]

  beforeAll(async () => {
    stack = await setUp().stackOfTwo("bad")
    expect(await stack.deploy(image("ok"), ...replicas)).toMatchObject({ exitCode: 0, error: undefined })
  })

  it.sequential("unhealthy: no request fails, and no container of the old release is replaced", async () => {
    const before = await stack.containers()
    const { ran, watch } = await watched(stack, () => stack.deploy(image("sick"), ...replicas))
    expect(ran).toMatchObject({ exitCode: 20, outcome: "rolled-back", error: { code: "DEPLOY_UNHEALTHY" } })
    expect(ran.error?.evidence).toContain("listening, mode sick")
    expect(watch.failures).toEqual([])
    expect(await stack.containers()).toEqual(before)
    await expectAfterwards(stack, "ok", ["rolled-back DEPLOY_UNHEALTHY", "deployed"])
  })

  it.sequential("slow to start: it is waited for, and no request fails", async () => {
    const { ran, watch } = await watched(stack, () => stack.deploy(image("slow"), ...replicas))
    expect(ran).toMatchObject({ exitCode: 0, error: undefined })
    expect(ran.switchSeconds).toBeGreaterThan(5)
    expect(watch.failures).toEqual([])
    await expectAfterwards(stack, "slow", ["deployed", "rolled-back DEPLOY_UNHEALTHY"])
  })
}

export function lateCrash(setUp: () => SetUp): void {
  it.sequential("crashes after 20 s, when Swarm looks no more: the bake finds it", async () => {
    const stack = await setUp().stackOfTwo("late")
    expect(await stack.deploy(setUp().images.ok, ...replicas)).toMatchObject({
      exitCode: 0,
      error: undefined,
    })
    const edge = await stack.containers("edge")
    const { ran, watch } = await watched(stack, () =>
      stack.deploy(setUp().images.late, ...replicas, "--bake", "26"),
    )
    expect(ran).toMatchObject({ exitCode: 20, outcome: "rolled-back", error: { code: "DEPLOY_CRASHED" } })
    expect(ran.error?.evidence).toContain("crashing late")
    // All its tasks ended at about the same time; what comes back is not at fault for that.
    expect(watch.longestGapSeconds).toBeLessThan(30)
    expect(await stack.containers("edge")).toEqual(edge)
    await expectAfterwards(stack, "ok", ["rolled-back DEPLOY_CRASHED", "deployed"])
    expect(await stack.deploy(setUp().images.ok, ...replicas)).toMatchObject({
      exitCode: 0,
      error: undefined,
    })
  })
}
