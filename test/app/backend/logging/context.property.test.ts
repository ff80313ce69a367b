import { setImmediate as immediate, setTimeout as sleep } from "node:timers/promises"
import fc from "fast-check"
import { expect, test } from "vitest"
import {
  correlationHeaders,
  getCorrelationId,
  runInContext,
} from "../../../../app/backend/logging/context.ts"
import { captureLogs } from "../support.ts"

const seed = Date.now() % 2 ** 31
console.log(`context.property.test.ts: seed ${seed}`)

type Step = "microtask" | "tick" | "immediate" | "timer" | "callback" | "rejection" | "nested"

const waits: Record<Exclude<Step, "nested">, () => Promise<unknown>> = {
  microtask: () => Promise.resolve(),
  tick: () => new Promise<void>(resolve => process.nextTick(resolve)),
  immediate: () => immediate(),
  timer: () => sleep(0),
  callback: () => new Promise<void>(resolve => queueMicrotask(() => setImmediate(resolve))),
  rejection: () => Promise.reject(new Error("x")).catch(() => {}),
}

const names = ["microtask", "tick", "immediate", "timer", "callback", "rejection", "nested"] as const

test("Property 3, logging: however requests interleave, each line carries the id of its own", {
  timeout: 120_000,
}, async () => {
  const steps = fc.array(fc.constantFrom<Step>(...names), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 2, maxLength: 8 }), async requests => {
      const { logger, records } = captureLogs()
      const handle = async (owner: string, left: readonly Step[]): Promise<void> => {
        logger.info({ owner }, "before")
        const [step, ...rest] = left
        if (step === undefined) return
        if (step === "nested") {
          await runInContext({ correlationId: `${owner}n` }, () => handle(`${owner}n`, rest))
        } else {
          await waits[step]()
          expect(getCorrelationId()).toBe(owner)
          expect(correlationHeaders()).toEqual({ "x-request-id": owner })
          await handle(owner, rest)
        }
        logger.info({ owner }, "after")
      }
      await Promise.all(
        requests.map((steps, index) =>
          runInContext({ correlationId: `r${index}` }, () => handle(`r${index}`, steps)),
        ),
      )
      logger.info({}, "outside")
      const lines = records()
      expect(lines.pop()).not.toHaveProperty("correlationId")
      expect(lines.length).toBeGreaterThanOrEqual(requests.length)
      for (const line of lines) expect(line.correlationId).toBe(line.owner)
    }),
    { numRuns: 1000, seed, verbose: 1 },
  )
})
