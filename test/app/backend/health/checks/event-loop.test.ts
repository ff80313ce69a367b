import { setTimeout as sleep } from "node:timers/promises"
import { expect, test } from "vitest"
import { checkEventLoop } from "../../../../../app/backend/health/checks/event-loop.ts"

const unaborted = new AbortController().signal

test("a blocked event loop is noticed at the next run and forgotten after it", {
  timeout: 30_000,
}, async () => {
  const check = checkEventLoop(400)
  await sleep(50)
  const until = performance.now() + 700
  while (performance.now() < until);
  await sleep(50)
  await expect(check.run(unaborted)).rejects.toMatchObject({
    errorClass: "event_loop_blocked",
    reason: /^\d+ ms$/,
  })
  // A busy machine may block it once more.
  await expect.poll(() => check.run(unaborted).then(() => "well", String), { timeout: 10_000 }).toBe("well")
})
