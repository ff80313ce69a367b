import { expect } from "vitest"
import type { Ran, TestStack } from "./deployer.ts"
import { Watch } from "./watch.ts"

/** Does something while the stack is asked all the time, and gives what came of both. */
export async function watched<T>(
  stack: TestStack,
  work: () => Promise<T>,
): Promise<{ ran: T; watch: Watch }> {
  const watch = Watch.start(...stack.urls)
  try {
    const ran = await work()
    return { ran, watch: await watch.end() }
  } finally {
    await watch.end()
  }
}

/** What holds after any fault: all tasks serve, nobody has the lock, and the history ends like this, newest first. */
export async function expectAfterwards(stack: TestStack, mode: string, outcomes: string[]): Promise<Ran> {
  const status = await stack.run("status")
  expect(status).toMatchObject({ exitCode: 0, state: "healthy", lock: null })
  expect(await stack.application()).toMatchObject({ mode })
  expect((await stack.outcomes()).slice(0, outcomes.length)).toEqual(outcomes)
  return status
}
