import { join } from "node:path"
import { expect, test } from "vitest"
import { closing } from "../../../ci/engine/test.ts"

const name = join(process.cwd(), "test", "some.test.ts")
const passed = { status: "passed", fullName: "stands", failureMessages: [] }
const failed = {
  status: "failed",
  fullName: "the bridge stands",
  failureMessages: ["Error: it fell\n    at a"],
}
const report = { numPassedTests: 5, numPendingTests: 0, testResults: [] }

test("the closing lines name what failed, and count", () => {
  const files = [{ name, status: "failed", message: "", assertionResults: [passed, failed] }]
  const broken = { ...report, testResults: files }
  expect(closing([report])).toEqual({ lines: ["5 passed, 0 failed"], failed: 0 })
  expect(closing([report, broken])).toEqual({
    lines: ["failed: test/some.test.ts: the bridge stands\n    Error: it fell", "10 passed, 1 failed"],
    failed: 1,
  })
})

test.each([
  ["before its first test", []],
  ["in a hook, which skips them", [{ status: "skipped", fullName: "stands", failureMessages: [] }]],
])("a file that breaks %s counts as a failure", (_, assertionResults) => {
  const files = [{ name, status: "failed", message: "no such file", assertionResults }]
  expect(closing([{ ...report, numPendingTests: 1, testResults: files }])).toEqual({
    lines: [
      "failed: test/some.test.ts, outside of its tests\n    no such file",
      "5 passed, 1 failed, 1 skipped",
    ],
    failed: 1,
  })
})

test("of a long reason the beginning and the end are told", () => {
  const screen = Array.from({ length: 100 }, (_, line) => `\u001b[31m${line}\u001b[39m`).join("\n")
  const wide = `wide${"-".repeat(1000)}end`
  const failureMessages = [`Error: ended with 3:\n${screen}\n${wide}\n    at a`]
  const files = [{ name, status: "failed", message: "", assertionResults: [{ ...failed, failureMessages }] }]
  const [line = ""] = closing([{ ...report, testResults: files }]).lines
  const shown = ["Error: ended with 3:", "0", "…", "93", "94", "95", "96", "97", "98", "99"]
  expect(line.split("\n    ").slice(1, -1)).toEqual(shown)
  expect(line).toMatch(/wide-+…-+end$/)
  expect(line.length).toBeLessThan(700)
})
