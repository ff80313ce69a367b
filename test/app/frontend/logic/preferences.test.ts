import { expect, test } from "vitest"
import { isToken, nextTheme, readPace, readTheme } from "../../../../app/frontend/src/logic/preferences.ts"

test("the themes go round, and an unknown one is the system's", () => {
  expect(["system", "light", "dark"].map(theme => nextTheme(readTheme(theme)))).toEqual([
    "light",
    "dark",
    "system",
  ])
  expect([readTheme(null), readTheme("pink")]).toEqual(["system", "system"])
})

test("the address may set the pace, within limits", () => {
  const paces = ["", "?every=2", "?every=0", "?every=soon", "?every=-3", "?every=99999"].map(readPace)
  expect(paces).toEqual([5000, 2000, 5000, 5000, 5000, 5000])
})

test("a token is what a header can carry", () => {
  expect(isToken("s3cret-Token_~!")).toBe(true)
  for (const text of ["", "two words", "naïve", "line\n"]) expect(isToken(text)).toBe(false)
})
