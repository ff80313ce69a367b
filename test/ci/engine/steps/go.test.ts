import { expect, test } from "vitest"
import { isNewEnough } from "../../../../ci/engine/steps/go.ts"

test.each([
  ["go1.26.8", true],
  ["go1.25.0", true],
  ["go2.0", true],
  ["go1.24.4", false],
  ["go1.19.8", false],
  ["", false],
  ["devel", false],
])("%s is new enough: %s", (version, enough) => {
  expect(isNewEnough(version)).toBe(enough)
})
