import { expect, test } from "vitest"
import { bearerGate } from "../../../../app/backend/health/bearer.ts"

test("without a token everyone may pass", () => {
  expect([bearerGate(null)(undefined), bearerGate(null)("Bearer x")]).toEqual([true, true])
})

test.each([
  ["Bearer s3cret", true],
  ["bearer  s3cret ", true],
  ["Bearer s3cre", false],
  ["Bearer s3cret2", false],
  ["Bearer S3CRET", false],
  ["Basic s3cret", false],
  ["s3cret", false],
  ["Bearer", false],
  ["Bearer ", false],
  ["", false],
  [undefined, false],
])("with the token s3cret, %j passes: %s", (authorization, passes) => {
  expect(bearerGate("s3cret")(authorization)).toBe(passes)
})

test("an empty token lets nobody through", () => {
  expect([bearerGate("")(undefined), bearerGate("")("Bearer ")]).toEqual([false, false])
})
