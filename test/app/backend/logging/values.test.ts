import { runInNewContext } from "node:vm"
import { expect, test } from "vitest"
import { maxRecordBytes } from "../../../../app/backend/logging/record.ts"
import { captureLogs } from "../support.ts"

function logged(value: unknown): unknown {
  const { logger, records } = captureLogs()
  logger.info({ value }, "m")
  return records()[0]?.value
}

test.each([
  ["a bigint", 12n, "12"],
  ["a symbol", Symbol("s"), "Symbol(s)"],
  ["a function", function named() {}, "[function named]"],
  ["not a number", Number.NaN, "NaN"],
  ["infinity", -Infinity, "-Infinity"],
  ["undefined in a list", [undefined, 1], [null, 1]],
  ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
  ["a date that is none", new Date(Number.NaN), "Invalid Date"],
  [
    "a map",
    new Map<unknown, unknown>([
      ["a", 1],
      [2, new Set([3])],
    ]),
    { a: 1, 2: [3] },
  ],
  ["bytes", Buffer.alloc(1_000_000), "[Buffer, 1000000 bytes]"],
  ["a typed array", new Float64Array(2), "[Float64Array, 16 bytes]"],
  ["a URL", new URL("https://h.example/p"), "https://h.example/p"],
  ["an expression", /a"b/g, '/a"b/g'],
  ["a boxed text", Object("text"), "text"],
  ["toJSON", { toJSON: () => ({ a: 1n }) }, { a: "1" }],
  ["a lone surrogate", "a\ud800b", "a\ufffdb"],
  ["an emoji", "a😀b", "a😀b"],
  ["the separators of lines", "a\u2028b\nc\r", "a\u2028b\nc\r"],
])("%s is logged in a form that JSON holds", (_name, value, expected) => {
  expect(logged(value)).toEqual(expected)
})

test("what throws when it is read is marked, and the rest is logged", () => {
  const value = {
    before: 1,
    get bad() {
      throw new Error("no")
    },
    json: {
      toJSON() {
        throw new Error("no")
      },
    },
    proxy: new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no")
        },
        getPrototypeOf: () => {
          throw new Error("no")
        },
      },
    ),
    after: 2,
  }
  expect(logged(value)).toEqual({
    ...{ before: 1, bad: "[unreadable]", json: "[unreadable]", proxy: "[unreadable]", after: 2 },
  })
})

test("a circle is marked, a value that only comes twice is not", () => {
  const shared = { a: 1 }
  const value: Record<string, unknown> = { first: shared, second: shared }
  value.self = value
  expect(logged(value)).toEqual({ first: { a: 1 }, second: { a: 1 }, self: "[circular]" })
})

test("depth, breadth and length are limited, and each cut is marked", () => {
  let deep: unknown = "end"
  for (let i = 0; i < 50; i++) deep = { deep }
  expect(JSON.stringify(logged(deep))).toContain("[too deep]")
  const list = logged(Array.from({ length: 1000 }, (_, index) => index)) as unknown[]
  expect(list).toHaveLength(101)
  expect(list.at(-1)).toBe("… 900 more")
  const object = logged(Object.fromEntries(list.map((_, index) => [`k${index}`, 1]))) as object
  expect(object).toMatchObject({ k99: 1, "…": "1 more" })
  expect(logged("x".repeat(20_000))).toBe(`${"x".repeat(8192)}… [cut, 20000 characters]`)
})

test("no record is longer than its limit, however it is filled, and the message is in it", () => {
  for (const unit of ["x", "\u0001", '"', "€", "😀", "\ud800"]) {
    const { logger, lines, records } = captureLogs()
    const text = unit.repeat(9000)
    logger.info({ list: Array.from({ length: 90 }, () => text), [text]: { [text]: text } }, text)
    expect(Buffer.byteLength(lines[0] ?? ""), unit).toBeLessThanOrEqual(maxRecordBytes)
    expect(records()[0]?.message, unit).toContain("… [cut, ")
  }
})

test("an error keeps type, message, stack, own fields and the whole chain of its causes", () => {
  const inner = Object.assign(new TypeError("inner"), { code: "E_INNER" })
  const err = new Error("outer", { cause: new Error("middle", { cause: inner }) })
  expect(logged(err)).toEqual({
    type: "Error",
    message: "outer",
    stack: expect.stringContaining("values.test.ts"),
    causes: [
      { type: "Error", message: "middle", stack: expect.stringContaining("middle") },
      { type: "TypeError", message: "inner", stack: expect.stringContaining("inner"), code: "E_INNER" },
    ],
  })
})

test("causes that are no errors, that go in a circle or without end are logged and marked", () => {
  expect(logged(new Error("a", { cause: "text" }))).toMatchObject({ causes: ["text"] })
  const circle = new Error("circle")
  circle.cause = new Error("back", { cause: circle })
  expect(logged(circle)).toMatchObject({ causes: [{ message: "back" }, "[circular]"] })
  let chain = new Error("0")
  for (let i = 1; i < 30; i++) chain = new Error(String(i), { cause: chain })
  const { causes } = logged(chain) as { causes: unknown[] }
  expect(causes).toHaveLength(9)
  expect(causes.at(-1)).toBe("[more causes]")
})

test("errors of an AggregateError and of another realm are errors", () => {
  expect(logged(new AggregateError([new Error("one")], "all"))).toMatchObject({
    type: "AggregateError",
    errors: [{ message: "one" }],
  })
  expect(logged(runInNewContext("new RangeError('far')"))).toMatchObject({
    type: "RangeError",
    message: "far",
  })
})

test("an error in place of the fields is logged as err", () => {
  const { logger, records } = captureLogs()
  logger.error(new Error("bare"), "failed")
  expect(records()[0]).toMatchObject({ err: { message: "bare" }, message: "failed" })
})

test("what cannot even be looked at is logged as a mark, also in place of the fields", () => {
  const { proxy, revoke } = Proxy.revocable([], {})
  revoke()
  expect(logged(proxy)).toBe("[unreadable]")
  const { logger, records } = captureLogs()
  logger.info(proxy, "m")
  expect(records()).toMatchObject([{ fields: "[unreadable]", message: "m" }])
})
