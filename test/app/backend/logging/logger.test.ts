import { expect, test } from "vitest"
import { runInContext } from "../../../../app/backend/logging/context.ts"
import { createLogging } from "../../../../app/backend/logging/logger.ts"
import { captureLogs } from "../support.ts"

const config = {
  level: "info",
  service: "test",
  environment: "development",
  version: null,
  file: null,
} as const

function capture(level: "info" | "silent" = "info", clock?: () => number) {
  const lines: string[] = []
  const stdout = { write: (line: string) => void lines.push(line) }
  const logging = createLogging({ ...config, level }, { stdout, ...(clock ? { clock } : {}) })
  return { logging, records: () => lines.map(line => JSON.parse(line)) }
}

test("a line names time, level, service, environment, version and message", () => {
  const { logger, records } = captureLogs()
  logger.info({ answer: 42 }, "hello %s")
  expect(records()).toEqual([
    {
      level: "info",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: "test",
      environment: "development",
      version: "1.2.3",
      answer: 42,
      message: "hello %s",
    },
  ])
})

test("the timestamp is the time of the clock in UTC, to the millisecond", () => {
  const times = [0, 7, 999, 1000, 1_764_000_000_042, 1_764_000_000_999, 1_764_000_001_000]
  let index = 0
  const { logging, records } = capture("info", () => times[index] ?? 0)
  for (; index < times.length; index++) logging.logger.info({}, "tick")
  expect(records().map(record => record.timestamp)).toEqual(times.map(time => new Date(time).toISOString()))
})

test("an unknown version is written as unknown", () => {
  const { logging, records } = capture()
  logging.logger.info({}, "x")
  expect(records()[0]).toMatchObject({ version: "unknown" })
})

test("lines below the level are not written, and not even made", () => {
  const { logger, lines } = captureLogs("warn")
  const fields = Object.defineProperty({}, "costly", {
    enumerable: true,
    get() {
      throw new Error("was read")
    },
  })
  logger.info(fields, "quiet")
  logger.warn({}, "loud")
  expect(lines).toHaveLength(1)
})

test("the level changes at run time, and each change is logged whatever the level", () => {
  const { logging, records } = capture("silent")
  logging.logger.fatal({}, "not yet")
  logging.setLevel("debug")
  logging.logger.debug({}, "now")
  logging.setLevel("silent")
  logging.logger.fatal({}, "no more")
  expect(logging.level()).toBe("silent")
  expect(records()).toMatchObject([
    { message: "log level changed", from: "silent", to: "debug" },
    { level: "debug", message: "now" },
    { message: "log level changed", from: "debug", to: "silent" },
  ])
})

test("lines within a context carry its correlation id across waits, lines outside do not", async () => {
  const { logger, records } = captureLogs()
  await runInContext({ correlationId: "r-1" }, async () => {
    await Promise.resolve()
    logger.info({}, "inside")
  })
  logger.info({}, "outside")
  expect(records().map(record => record.correlationId)).toEqual(["r-1", undefined])
})

test("a field cannot take the place of one of the line's own", () => {
  const { logger, lines, records } = captureLogs()
  const fields = { level: "fatal", timestamp: 0, correlationId: "forged", message: "other", service: "other" }
  runInContext({ correlationId: "mine" }, () => logger.info(fields, "hello"))
  expect(records()[0]).toMatchObject({
    ...{ level: "info", service: "test", correlationId: "mine", message: "hello" },
    ...{ level_: "fatal", timestamp_: 0, correlationId_: "forged", message_: "other", service_: "other" },
  })
  expect(lines[0]?.match(/"(level|timestamp|service|correlationId|message)":/g)).toHaveLength(5)
})

test("fields with the names of Object's methods do not break the line", () => {
  const { logger, records } = captureLogs()
  logger.info({ constructor: "a", toString: "b", valueOf: 1, hasOwnProperty: 2 }, "odd")
  logger.info(JSON.parse('{"__proto__": {"a": 1}, "b": {"__proto__": 2}}'), "odder")
  expect(records()).toMatchObject([
    { constructor_: "a", toString_: "b", valueOf_: 1, hasOwnProperty_: 2 },
    { __proto___: { a: 1 }, message: "odder" },
  ])
  expect(Object.keys(records()[1]?.b ?? {})).toEqual(["__proto__"])
})

test("what looks like a request or a response is data as well", () => {
  const { logger, records } = captureLogs()
  logger.info({ method: "GET", headers: { a: 1 }, socket: { b: 2 }, setHeader() {} }, "request-like")
  expect(records()[0]).toMatchObject({ method: "GET", headers: { a: 1 }, socket_: { b: 2 } })
})

test("a bad configuration is refused", () => {
  const file = { path: "x", maxBytes: 10, maxAgeMs: 1, maxFiles: 1, maxTotalBytes: 9, compress: false }
  expect(() => createLogging({ ...config, file })).toThrow("maxTotalBytes")
  expect(() => createLogging({ ...config, service: "" })).toThrow("service")
})
