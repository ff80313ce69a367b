import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setImmediate as immediate } from "node:timers/promises"
import fc from "fast-check"
import { expect, test } from "vitest"
import { createLogging } from "../../../../app/backend/logging/logger.ts"
import { configOf, filesIn, numbersTo, recordsOf } from "./files.ts"

const seed = Date.now() % 2 ** 31
console.log(`log-file.property.test.ts: seed ${seed}`)

const step = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant("line" as const),
      pad: fc.string({ unit: "binary", maxLength: 400 }),
    }),
    weight: 8,
  },
  {
    arbitrary: fc.constantFrom(
      { kind: "flush" as const },
      { kind: "turn" as const },
      { kind: "reopen" as const },
    ),
    weight: 2,
  },
)

type Steps = (typeof step extends fc.Arbitrary<infer S> ? S : never)[]

/** Does the steps with a real file; returns how many lines were logged. */
async function run(folder: string, steps: Steps, maxBytes: number): Promise<number> {
  const config = configOf(join(folder, "app.log"), { maxBytes })
  const start = () => createLogging(config, { stdout: { write() {} } })
  let logging = start()
  let n = 0
  for (const { kind, ...fields } of steps) {
    if (kind === "line") logging.logger.info({ n: n++, ...fields }, "line")
    if (kind === "flush") logging.flushSync()
    if (kind === "turn") await immediate()
    if (kind === "reopen") {
      await logging.close()
      logging = start()
    }
  }
  await logging.close()
  return n
}

test("Property 3, logging: however lines, flushes and restarts follow, the files hold each line once, in order", {
  timeout: 120_000,
}, async () => {
  const limit = fc.integer({ min: 1, max: 3000 })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), limit, async (steps, maxBytes) => {
      const folder = mkdtempSync(join(tmpdir(), "lockstep-log-"))
      try {
        const lines = await run(folder, steps, maxBytes)
        const files = filesIn(folder).map(file => ({ ...file, records: recordsOf(file.text) }))
        expect(files.flatMap(file => file.records.map(record => record.n))).toEqual(numbersTo(lines))
        for (const { bytes, records } of files) expect(bytes <= maxBytes || records.length === 1).toBe(true)
      } finally {
        rmSync(folder, { recursive: true })
      }
    }),
    { numRuns: 1000, seed, verbose: 1 },
  )
})
