import fc from "fast-check"
import { expect, test } from "vitest"
import { runInContext } from "../../../../app/backend/logging/context.ts"
import { createLogger } from "../../../../app/backend/logging/logger.ts"
import { captureLogs } from "../support.ts"

test("a line names time, level, service, environment and version", () => {
  const { logger, records } = captureLogs()
  logger.info({ answer: 42 }, "hello")
  expect(records()).toEqual([
    {
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: "test",
      environment: "development",
      version: "1.2.3",
      answer: 42,
      msg: "hello",
    },
  ])
})

test("every message and field becomes exactly one line of JSON", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (message, field) => {
      const { logger, lines, records } = captureLogs()
      logger.info({ field }, message)
      expect(lines.join("").match(/\n/g)).toHaveLength(1)
      expect(records()).toHaveLength(1)
    }),
  )
})

test("lines below the level are not written", () => {
  const { logger, lines } = captureLogs("warn")
  logger.info({}, "quiet")
  logger.warn({}, "loud")
  expect(lines).toHaveLength(1)
})

test("an error keeps its stack and its cause", () => {
  const { logger, records } = captureLogs()
  logger.error({ err: new Error("outer", { cause: new Error("inner") }) }, "failed")
  expect(records()[0]?.err).toMatchObject({ message: /outer.*inner/, stack: /inner/ })
})

test("lines within a context carry its request id across waits, lines outside do not", async () => {
  const { logger, records } = captureLogs()
  await runInContext({ requestId: "r-1" }, async () => {
    await Promise.resolve()
    logger.info({}, "inside")
  })
  logger.info({}, "outside")
  expect(records().map(record => record.requestId)).toEqual(["r-1", undefined])
})

test("an unknown version is written as unknown", () => {
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  createLogger({ level: "info", service: "s", environment: "e", version: null, destination }).info({}, "x")
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ version: "unknown" })
})
