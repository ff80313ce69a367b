import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import { stripVTControlCharacters } from "node:util"
import { execa } from "execa"
import { cliEnvironment } from "./steps/cli.ts"

/** What the summary needs of vitest's JSON report. */
interface Report {
  numPassedTests: number
  numPendingTests: number
  testResults: File[]
}

interface File {
  name: string
  status: string
  /** Why the file broke outside of its tests. */
  message: string
  assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
}

/** Parts of the tests (vitest's projects) that run one after the other. */
export type Lane = readonly string[]

/**
 * Runs the tests with vitest, the lanes side by side, and closes with what failed, why, and the line "N passed, N failed".
 *
 * @returns the exit code: 0 only when every test passed
 */
export async function runTests(projectDir: string, lanes: readonly Lane[]): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), "lockstep-test-"))
  try {
    const ran = await Promise.all(
      lanes.map((lane, index) => runLane(projectDir, lane, join(dir, `${index}.json`))),
    )
    const { lines, failed } = closing(ran.map(({ report }) => report))
    console.log(lines.join("\n"))
    return failed > 0 ? 1 : Math.max(...ran.map(({ exitCode }) => exitCode))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function runLane(cwd: string, lane: Lane, file: string): Promise<{ report: Report; exitCode: number }> {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`]
  const args = ["run", ...lane.flatMap(name => ["--project", name]), ...reporters]
  const command = join(cwd, "node_modules", ".bin", "vitest")
  const colours = process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: "1" } : {}
  // Not the terminal itself, of which each lane would take the last lines for its own.
  const running = execa(command, args, {
    ...{ cwd, env: { ...cliEnvironment(), ...colours }, stdin: "inherit", reject: false, buffer: false },
  })
  running.stdout.pipe(process.stdout, { end: false })
  running.stderr.pipe(process.stderr, { end: false })
  const { exitCode = 1 } = await running
  return { report: JSON.parse(await readFile(file, "utf8")) as Report, exitCode }
}

/** The lanes' own words are far apart in a long output, and each names its failures in its own place. */
export function closing(reports: readonly Report[]): { lines: string[]; failed: number } {
  const failures = reports.flatMap(({ testResults }) => testResults).flatMap(failuresOf)
  const sum = (count: (report: Report) => number) => reports.map(count).reduce((one, two) => one + two, 0)
  const pending = sum(report => report.numPendingTests)
  const skipped = pending > 0 ? `, ${pending} skipped` : ""
  const passed = sum(report => report.numPassedTests)
  const last = `${passed} passed, ${failures.length} failed${skipped}`
  return { lines: [...failures.map(failure => `failed: ${failure}`), last], failed: failures.length }
}

/** A file that broke outside of its tests counts as one failure: else it would vanish from the sum. */
function failuresOf({ name, status, message, assertionResults }: File): string[] {
  const file = relative(process.cwd(), name)
  const failed = assertionResults.filter(result => result.status === "failed")
  if (status === "failed" && failed.length === 0) return [`${file}, outside of its tests${reasonOf(message)}`]
  return failed.map(
    ({ fullName, failureMessages: [reason = ""] }) => `${file}: ${fullName}${reasonOf(reason)}`,
  )
}

/** Its beginning and its end, indented: with what a call showed it may have thousands of lines, and CI keeps only the last. */
function reasonOf(message: string): string {
  const [said = ""] = stripVTControlCharacters(message).split(/\n {4}at /)
  const lines = said.split("\n").map(line => shorten([...line], 100, 400, "…").join(""))
  return shorten(lines, 2, 8, "…")
    .filter(line => line !== "")
    .map(line => `\n    ${line}`)
    .join("")
}

function shorten(parts: string[], first: number, last: number, omitted: string): string[] {
  if (parts.length <= first + last) return parts
  return [...parts.slice(0, first), omitted, ...parts.slice(-last)]
}
