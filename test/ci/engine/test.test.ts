import { join } from "node:path"
import { expect, test } from "vitest"
import { closing } from "../../../ci/engine/test.ts"

const name = join(process.cwd(), "test", "some.test.ts")
const passed = { status: "passed", fullName: "stands" }
const failed = { status: "failed", fullName: "the bridge stands" }
const report = { numPassedTests: 5, numPendingTests: 0, testResults: [] }

test("the closing lines name what failed, and count", () => {
  const files = [{ name, status: "failed", assertionResults: [passed, failed] }]
  const broken = { ...report, testResults: files }
  expect(closing([report])).toEqual({ lines: ["5 passed, 0 failed"], failed: 0 })
  expect(closing([report, broken])).toEqual({
    lines: ["failed: test/some.test.ts: the bridge stands", "10 passed, 1 failed"],
    failed: 1,
  })
})

test("a file that breaks before its first test counts as a failure", () => {
  const files = [{ name, status: "failed", assertionResults: [] }]
  expect(closing([{ ...report, numPendingTests: 1, testResults: files }])).toEqual({
    lines: ["failed: test/some.test.ts, before its first test", "5 passed, 1 failed, 1 skipped"],
    failed: 1,
  })
})
