import { inspect } from "node:util"
import fc from "fast-check"
import { expect, test } from "vitest"
import { secretNames } from "../../../../app/backend/logging/config.ts"
import { createLogging } from "../../../../app/backend/logging/logger.ts"
import { maxRecordBytes } from "../../../../app/backend/logging/record.ts"
import { createRedaction } from "../../../../app/backend/logging/redaction.ts"
import { canary, hostileLeaf, hostileName, ownFields, secretText, value } from "./hostile-values.ts"

const { isSecretName } = createRedaction(secretNames)
const seed = Date.now() % 2 ** 31
console.log(`values.property.test.ts: seed ${seed}`)

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
    // A secret's name in an array makes a secret of what follows it, as in a list of headers.
    fc
      .stringMatching(/^[ -~]{0,30}$/)
      .filter(text => !/[=:]|basic|bearer/i.test(text) && !isSecretName(text)),
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
