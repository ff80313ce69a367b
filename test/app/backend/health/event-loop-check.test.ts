import { setTimeout as sleep } from "node:timers/promises"
import { expect, test } from "vitest"
import { createEventLoopCheck } from "../../../../app/backend/health/event-loop-check.ts"

const unaborted = new AbortController().signal

test("a blocked event loop is noticed at the next check and forgotten after it", async () => {
  const check = createEventLoopCheck(400)
  await sleep(50)
  const until = performance.now() + 700
  while (performance.now() < until);
  await sleep(50)
  expect(await check.run(unaborted)).toMatchObject({ status: "warn", message: /blocked for \d+ ms/ })
  await sleep(50)
  expect(await check.run(unaborted)).toEqual({ status: "pass" })
})
