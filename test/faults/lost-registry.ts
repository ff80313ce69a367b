import { afterAll, beforeAll, expect, it } from "vitest"
import { expectAfterwards, watched } from "../deployment/afterwards.ts"
import { ranTo, says, type TestStack } from "../deployment/deployer.ts"
import { TestRegistry } from "../deployment/registry.ts"
import { SetUp } from "../deployment/set-up.ts"

export function lostRegistry(): void {
  let registry: TestRegistry
  // Images of its own: to prune those of the other groups would be no fault that they are about.
  let setUp: SetUp
  let stack: TestStack

  beforeAll(async () => {
    registry = await TestRegistry.start()
    setUp = await SetUp.create(`${registry.address}/lockstep-test`)
    stack = await setUp.stackOfTwo("registry")
    expect(await stack.deploy(setUp.images.ok)).toMatchObject({ exitCode: 0, error: undefined })
  })

  afterAll(async () => {
    await setUp?.remove()
    await registry?.remove()
  })

  it.sequential("in the middle of a deploy: it goes on, as the image is there", async () => {
    const { ran, watch } = await watched(stack, async () => {
      const child = stack.start(stack.deployArgs(setUp.images.next))
      await says(child, /release \d+: deploy/)
      await registry.stop()
      return ranTo(await child)
    })
    expect(ran).toMatchObject({ exitCode: 0, error: undefined })
    expect(watch.failures).toEqual([])
    await expectAfterwards(stack, "next", ["deployed", "deployed"])
  })

  it.sequential("before a rollback to what was pruned here: refused, and nothing is changed", async () => {
    await stack.docker("image", "rm", "--force", setUp.images.ok)
    const before = await stack.containers()
    expect(await stack.run("rollback")).toMatchObject({
      exitCode: 10,
      error: { code: "DEPLOY_IMAGE_UNAVAILABLE" },
    })
    expect(await stack.containers()).toEqual(before)
    expect(await expectAfterwards(stack, "next", ["deployed", "deployed"])).toMatchObject({ release: 2 })
  })

  it.sequential("and comes back: the rollback pulls the same digest again, and no request fails", async () => {
    await registry.continue()
    const { ran, watch } = await watched(stack, () => stack.run("rollback"))
    expect(ran).toMatchObject({ exitCode: 0, error: undefined, restores: 1 })
    expect(setUp.images.ok).toContain(ran.digest)
    expect(watch.failures).toEqual([])
    await expectAfterwards(stack, "ok", ["deployed", "deployed", "deployed"])
  })

  it.sequential("and has the image no more: refused, and nothing is changed", async () => {
    await stack.docker("image", "rm", "--force", setUp.images.next)
    await registry.delete(setUp.images.next)
    const before = await stack.containers()
    expect(await stack.run("rollback", "--to", "2")).toMatchObject({
      exitCode: 10,
      error: { code: "DEPLOY_IMAGE_UNAVAILABLE" },
    })
    expect(await stack.containers()).toEqual(before)
    expect(await expectAfterwards(stack, "ok", ["deployed"])).toMatchObject({ release: 3 })
    expect(await stack.deploy(setUp.images.ok)).toMatchObject({ exitCode: 0, error: undefined })
  })
}
