import { inspect } from "node:util"
import fc from "fast-check"
import { expect, test } from "vitest"
import { createLogging } from "../../../../app/backend/logging/logger.ts"
import { maxRecordBytes } from "../../../../app/backend/logging/record.ts"

const canary = "canary7f3a91"
const seed = Date.now() % 2 ** 31
console.log(`values.property.test.ts: seed ${seed}`)

const secretName = fc
  .tuple(
    fc.constantFrom("", "db", "X", "my-very"),
    fc.constantFrom(
      "password",
      "passwd",
      "secret",
      "apiKey",
      "api_key",
      "API-KEY",
      "authorization",
      "cookie",
    ),
    fc.constantFrom("", "_", "-", "."),
    fc.boolean(),
  )
  .map(([before, name, separator, loud]) => {
    const whole = before === "" ? name : `${before}${separator}${name}`
    return loud ? whole.toUpperCase() : whole
  })

const secretText = fc
  .tuple(
    fc.constantFrom("", " ", "\n", '"', "see: ", "€ ", "x".repeat(8100)),
    fc.constantFrom(
      `Bearer ${canary}`,
      `Basic ${btoa(`user:${canary}`)}`,
      `https://user:${canary}@host/path`,
      `?a=1&apiKey=${canary}&b=2`,
      `{"password":"${canary} ${canary}"}`,
      `Set-Cookie: id=${canary}; Path=/`,
    ),
    fc.string(),
  )
  .map(([before, secret, after]) => `${before} ${secret} ${after}`)

const hostileName = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "toJSON",
    "level",
    "message",
    "err",
    "socket",
    "…",
    "",
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({ minLength: 250, maxLength: 300 }),
)

const hostileLeaf = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "\ud800",
    "\udc00x",
    "\u2028\u2029\n\r\0",
    '"},{"',
    "\\",
    "x".repeat(10_000),
    "\u0001".repeat(9000),
  ),
  fc.bigInt(),
  fc.double(),
  fc.date({ noInvalidDate: false }),
  fc.constantFrom<unknown>(
    undefined,
    null,
    Symbol("s"),
    () => 1,
    Symbol.iterator,
    Promise.resolve(),
    /x/g,
    new WeakMap(),
  ),
  fc.uint8Array(),
  fc.anything({
    withBigInt: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    withBoxedValues: true,
  }),
)

const boom = () => {
  throw new Error(canary)
}

const throwing = fc.constantFrom<() => unknown>(
  () => Object.defineProperty({}, "a", { enumerable: true, get: boom }),
  () => ({ toJSON: boom }),
  () => ({ toJSON: () => ({ toJSON: () => 1n }) }),
  () => new Proxy({}, { ownKeys: boom }),
  () => new Proxy([], { get: boom }),
  () => new Proxy(new Error("x"), { get: boom, getPrototypeOf: boom }),
  () => Object.assign(new Error("x"), { name: Symbol("n"), message: { toString: boom }, stack: 1n }),
)

const { value } = fc.letrec<{ value: unknown }>(tie => {
  const inner = tie("value")
  const entries = fc.array(fc.tuple(hostileName, inner), { maxLength: 6 })
  return {
    value: fc.oneof(
      { maxDepth: 12, depthSize: "large" },
      { arbitrary: hostileLeaf, weight: 3 },
      { arbitrary: throwing.map(make => make()), weight: 1 },
      { arbitrary: secretText, weight: 1 },
      { arbitrary: fc.array(inner, { maxLength: 6 }), weight: 2 },
      { arbitrary: entries.map(ownFields), weight: 4 },
      { arbitrary: entries.map(pairs => new Map<unknown, unknown>(pairs)), weight: 1 },
      {
        arbitrary: fc
          .tuple(inner, inner)
          .map(([cause, extra]) => Object.assign(new Error("e", { cause }), { extra })),
        weight: 1,
      },
      {
        arbitrary: fc
          .tuple(secretName, inner)
          .map(([name, within]) => ({ [name]: { deep: [canary, within] } })),
        weight: 2,
      },
      { arbitrary: secretName.map(name => new Map([[name, canary]])), weight: 1 },
      { arbitrary: inner.map(circle), weight: 1 },
    ),
  }
})

function ownFields(pairs: [string, unknown][]): object {
  const object = {}
  for (const [name, value] of pairs) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
  }
  return object
}

function circle(value: unknown): object {
  const object: Record<string, unknown> = { value }
  object.again = [object, new Map([["object", object]])]
  return object
}

// The library's own printing of a counterexample does not survive these values.
const wrap = (value: unknown) => ({
  value,
  [fc.toStringMethod]: () => {
    try {
      return inspect(value, { depth: 20 })
    } catch {
      return "(a value that cannot even be printed)"
    }
  },
})

function capture() {
  const lines: string[] = []
  const stdout = { write: (line: string) => void lines.push(line) }
  const config = { level: "info", service: "s", environment: "e", version: "1", file: null } as const
  return { ...createLogging(config, { stdout }), lines }
}

test("Property 3, logging: whatever is logged, it is one line of JSON, not too long, without a secret", {
  timeout: 120_000,
}, () => {
  const fields = fc.oneof(
    value,
    fc.tuple(hostileName, value).map(pair => ownFields([pair])),
  )
  const message = fc.oneof(fc.string({ unit: "binary" }), secretText, hostileLeaf)
  fc.assert(
    fc.property(fields.map(wrap), message.map(wrap), (given, text) => {
      const { logger, lines } = capture()
      // Types would not let all of this through, but JavaScript does.
      logger.warn(given.value as object, text.value as string)
      expect(lines).toHaveLength(1)
      const line = lines[0] ?? ""
      expect(line.indexOf("\n")).toBe(line.length - 1)
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(maxRecordBytes)
      expect(line).not.toContain(canary)
      expect(line).not.toContain(btoa(`user:${canary}`).slice(0, 12))
      expect(JSON.parse(line)).toMatchObject({ level: "warn", service: "s", message: expect.any(String) })
      expect(Buffer.from(line).toString("utf8")).toBe(line)
    }),
    { numRuns: 2000, seed, verbose: 1 },
  )
})

test("Property 3, logging: plain data is logged as it is", { timeout: 60_000 }, () => {
  const name = fc
    .stringMatching(/^[a-z]{1,8}$/)
    .filter(text => !/token|session|pwd|jwt|bearer|otp|level|message/.test(text))
  const leaf = fc.oneof(
    fc.stringMatching(/^[ -~]{0,30}$/).filter(text => !/[=:]|basic|bearer/i.test(text)),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  )
  const plain = fc.dictionary(
    name,
    fc.oneof(leaf, fc.array(leaf, { maxLength: 5 }), fc.dictionary(name, leaf)),
    { noNullPrototype: true },
  )
  fc.assert(
    fc.property(plain, data => {
      const { logger, lines } = capture()
      logger.info({ data }, "m")
      expect(JSON.parse(lines[0] ?? "").data).toEqual(JSON.parse(JSON.stringify(data)))
    }),
    { numRuns: 1000, seed, verbose: 1 },
  )
})
