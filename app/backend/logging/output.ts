import { writeSync } from "node:fs"
import type { DestinationStream } from "pino"
import type { LogFileConfig } from "./config.ts"
import { createLogFile } from "./log-file.ts"
import type { OutageReports } from "./outage.ts"
import type { Sink } from "./sink.ts"
import { createStandardOutput } from "./standard-output.ts"

export interface Output extends Sink {
  close(): Promise<void>
}

export interface OutputOptions {
  /** Where lines go instead of the standard output. */
  readonly stdout?: DestinationStream
  /** Milliseconds since 1970. */
  readonly clock?: () => number
  /** Milliseconds between attempts to write again to what failed. */
  readonly retryMs?: number
}

/** Logs about the logging itself, whatever the level. */
export type Notice = (severity: "info" | "warn", fields: object, message: string) => void

/** Sends each line to the standard output and, where there is one, to the log file. */
export function createOutput(file: LogFileConfig | null, options: OutputOptions, notice: Notice): Output {
  const { clock = Date.now, retryMs = 5000, stdout: destination } = options
  const stdout = destination
    ? asSink(destination)
    : createStandardOutput({ clock, retryMs, ...standardOutputReports(notice) })
  if (file === null) return { ...stdout, close: async () => stdout.flushSync() }
  const logFile = createLogFile(file, { clock, retryMs, ...fileReports(notice, file.path) })
  return {
    write(line) {
      stdout.write(line)
      logFile.write(line)
    },
    flush() {
      stdout.flush()
      logFile.flush()
    },
    // The file last, as it is told when the other one fails.
    flushSync() {
      stdout.flushSync()
      logFile.flushSync()
    },
    async close() {
      stdout.flushSync()
      await logFile.close()
    },
  }
}

const asSink = (destination: DestinationStream): Sink => ({
  write: line => destination.write(line),
  flush: () => {},
  flushSync: () => {},
})

function fileReports(notice: Notice, file: string) {
  return {
    onFail: (err: unknown) =>
      notice("warn", { err, file }, "the log file cannot be written: lines go to the standard output only"),
    onRecover: (missedLines: number) =>
      notice("info", { file, missedLines }, "the log file is written again"),
    onHousekeepingError: (err: unknown) =>
      notice("warn", { err, file }, "an old log file cannot be removed or compressed"),
  }
}

function standardOutputReports(notice: Notice): OutageReports {
  return {
    onFail(err) {
      writeToStandardError(`The standard output cannot be written: ${String(err)}\n`)
      notice("warn", { err }, "the standard output cannot be written")
    },
    onRecover: missedLines => notice("info", { missedLines }, "the standard output is written again"),
  }
}

// The last one to tell.
function writeToStandardError(text: string): void {
  try {
    writeSync(2, text)
  } catch {
    // It is closed, or nobody reads it.
  }
}
