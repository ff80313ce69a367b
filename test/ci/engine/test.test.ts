import { expect, test } from "vitest"
import { closing } from "../../../ci/engine/test.ts"

const passing = { status: "passed", assertionResults: [{}] }

test("the closing line counts what passed and failed", () => {
  const report = { numPassedTests: 5, numFailedTests: 2, numPendingTests: 0, testResults: [passing] }
  expect(closing([report])).toEqual({ line: "5 passed, 2 failed", failed: 2 })
  expect(closing([report, report])).toEqual({ line: "10 passed, 4 failed", failed: 4 })
})

test("a file that breaks before its first test counts as a failure", () => {
  const broken = { status: "failed", assertionResults: [] }
  const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, testResults: [passing, broken] }
  expect(closing([report])).toEqual({ line: "5 passed, 1 failed, 1 skipped", failed: 1 })
})
