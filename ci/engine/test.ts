import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { cliEnvironment } from "./steps/cli.ts"

/** What the summary needs of vitest's JSON report. */
interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: { status: string; assertionResults: unknown[] }[]
}

/**
 * Runs the tests with vitest and closes with the line "N passed, N failed".
 *
 * @param projects the parts of the tests (vitest's projects) to run
 * @returns the exit code: 0 only when every test passed
 */
export async function runTests(projectDir: string, projects: string[]): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), "lockstep-test-"))
  try {
    const file = join(dir, "report.json")
    const args = [
      "run",
      ...projects.flatMap(name => ["--project", name]),
      "--reporter=default",
      "--reporter=json",
    ]
    const command = join(projectDir, "node_modules", ".bin", "vitest")
    const ran = await execa(command, [...args, `--outputFile.json=${file}`], {
      cwd: projectDir,
      env: cliEnvironment(),
      stdio: "inherit",
      reject: false,
    })
    const { line, failed } = closing(JSON.parse(await readFile(file, "utf8")) as Report)
    console.log(line)
    return failed > 0 ? 1 : (ran.exitCode ?? 1)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** A file that broke before its first test counts as one failure: else it would vanish from the sum. */
export function closing(report: Report): { line: string; failed: number } {
  const brokenFiles = report.testResults.filter(
    file => file.status === "failed" && file.assertionResults.length === 0,
  )
  const failed = report.numFailedTests + brokenFiles.length
  const skipped = report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : ""
  return { line: `${report.numPassedTests} passed, ${failed} failed${skipped}`, failed }
}
