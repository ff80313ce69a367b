/** The parts of vitest's JSON report that the summary needs. */
interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: unknown[]
}

const noneRan = "TEST_NONE_RAN: the test run ended without running a single test"

/**
 * One line for people: "85 passed, 0 failed, in 12 files".
 *
 * @param json vitest's JSON report
 * @throws Error when no test ran: a run without tests proves nothing
 */
export function summarise(json: string): string {
  const report = JSON.parse(json) as Report
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = report
  if (passed + failed === 0) throw new Error(noneRan)
  const skippedPart = skipped > 0 ? `, ${skipped} skipped` : ""
  return `${passed} passed, ${failed} failed${skippedPart}, in ${report.testResults.length} files`
}

/**
 * The same of a test runner that is the application's own choice: "24 passed, 0 failed" where it was Node's, "ok" for
 * others, which fail by themselves when they find no test. Node's does not.
 *
 * @param output what the run printed before it ended well
 * @throws Error when no test ran
 */
export function summariseOutput(output: string): string {
  const sum = (word: string) => {
    const lines = output.matchAll(new RegExp(`^(?:#|ℹ) ${word} (\\d+)$`, "gm"))
    return [...lines].reduce((total, [, count]) => total + Number(count), 0)
  }
  if (!/^(?:#|ℹ) tests \d+$/m.test(output)) return "ok"
  const [passed, failed, skipped] = [sum("pass"), sum("fail"), sum("skipped")]
  if (passed + failed === 0) throw new Error(noneRan)
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`
}
