/** The parts of vitest's JSON report that the summary needs. */
interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: unknown[]
}

/**
 * One line for people: "85 passed, 0 failed, in 12 files".
 *
 * @param json vitest's JSON report
 * @throws Error when no test ran: a run without tests proves nothing
 */
export function summarise(json: string): string {
  const report = JSON.parse(json) as Report
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = report
  if (passed + failed === 0)
    throw new Error("TEST_NONE_RAN: the test run ended without running a single test")
  const skippedPart = skipped > 0 ? `, ${skipped} skipped` : ""
  return `${passed} passed, ${failed} failed${skippedPart}, in ${report.testResults.length} files`
}
