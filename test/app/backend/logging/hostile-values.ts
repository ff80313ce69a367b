import fc from "fast-check"

/** Is in every secret, and must be in no line. */
export const canary = "canary7f3a91"

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

export const secretText = fc
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

export const hostileName = fc.oneof(
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

export const hostileLeaf = fc.oneof(
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

/** Anything, of any depth, with secrets in it. */
export const { value } = fc.letrec<{ value: unknown }>(tie => {
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

export function ownFields(pairs: [string, unknown][]): object {
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
