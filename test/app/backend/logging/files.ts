import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { onTestFinished } from "vitest"
import type { LogConfig } from "../../../../app/backend/logging/config.ts"
import { createLogging } from "../../../../app/backend/logging/logger.ts"
import type { LogRecord } from "../support.ts"

/** An empty folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-log-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A configuration with a file; what a test does not say is so large that it does not matter. */
export function configOf(path: string, file: Partial<NonNullable<LogConfig["file"]>> = {}) {
  const large = { maxBytes: 1e9, maxAgeMs: 1e9, maxFiles: 1000, maxTotalBytes: 1e12, compress: false }
  return {
    ...{ level: "debug", service: "test", environment: "development", version: null },
    file: { path, ...large, ...file },
  } as const satisfies LogConfig
}

export interface WrittenFile {
  readonly name: string
  readonly bytes: number
  readonly text: string
}

/** The files of a folder in the order of their lines: archives sort by time, the present file comes last. */
export function filesIn(folder: string, present = "app.log"): WrittenFile[] {
  const names = readdirSync(folder).sort(
    (a, b) => Number(a === present) - Number(b === present) || (a < b ? -1 : 1),
  )
  return names.map(name => {
    const path = join(folder, name)
    const content = readFileSync(path)
    const text = (name.endsWith(".gz") ? gunzipSync(content) : content).toString("utf8")
    return { name, bytes: statSync(path).size, text }
  })
}

/** Parses each line; one that is torn throws. */
export function recordsOf(text: string): LogRecord[] {
  const lines = text.split("\n")
  if (lines.pop() !== "") throw new Error("the last line has no newline")
  return lines.map(line => JSON.parse(line) as LogRecord)
}

/** The numbers that the lines carry in their field `n`, in the order of the files. */
export const numbersIn = (folder: string, present?: string): unknown[] =>
  filesIn(folder, present)
    .flatMap(file => recordsOf(file.text))
    .filter(record => record.n !== undefined)
    .map(record => record.n)

export const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** The numbers of the present file alone. */
export const numbersInPresent = (folder: string): unknown[] =>
  recordsOf(readFileSync(join(folder, "app.log"), "utf8")).map(record => record.n)

/** Logging to app.log in a folder, closed at the end of the test; it tries again at once after a failure. */
export function startLogging(
  folder: string,
  file: Parameters<typeof configOf>[1] = {},
  clock?: () => number,
) {
  const stdout: LogRecord[] = []
  const destination = { write: (line: string) => void stdout.push(JSON.parse(line)) }
  const options = { stdout: destination, retryMs: 0, ...(clock ? { clock } : {}) }
  const logging = createLogging(configOf(join(folder, "app.log"), file), options)
  onTestFinished(() => logging.close())
  const burst = (from: number, to: number, pad = "") => {
    for (let n = from; n < to; n++) logging.logger.info({ n, pad }, "line")
  }
  return { ...logging, burst, stdout, messages: () => stdout.map(record => record.message) }
}
