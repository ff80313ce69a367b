import { pino } from "pino"
import { type LogConfig, type LogLevel, logConfigSchema } from "./config.ts"
import { currentContext, type LogContext } from "./context.ts"
import { createOutput, type OutputOptions } from "./output.ts"
import { createRecords } from "./record.ts"
import { createTimestamp } from "./timestamp.ts"

/** @param context on whose behalf it is logged: the running request's unless told */
type LogLine = (fields: object, message: string, context?: LogContext) => void

type Severity = Exclude<LogLevel, "silent">

/** Writes one JSON object a line. An error belongs in the field `err`, which keeps its stack and its causes. */
export type Logger = Readonly<Record<Severity, LogLine>>

/** The logger of the process, and what its owner does with it. */
export interface Logging {
  readonly logger: Logger
  level(): LogLevel
  /** Changes what is written from now on, and logs the change, whatever the level. */
  setLevel(level: LogLevel): void
  /** Writes what waits and lets go of the file. Later lines are still written. */
  close(): Promise<void>
  /** Writes what waits, before it returns: the last thing to do in a process. */
  flushSync(): void
}

const severities = ["trace", "debug", "info", "warn", "error", "fatal"] as const

const rankOf = (level: LogLevel): number =>
  level === "silent" ? severities.length : severities.indexOf(level)

/**
 * Sets up logging: every line has time, level, service, environment and version, and within a request its
 * `correlationId`. docs/logging.md describes the fields. Throws when the configuration breaks its schema.
 */
export function createLogging(config: LogConfig, options: OutputOptions = {}): Logging {
  const settings = logConfigSchema.parse(config)
  const makeRecord = createRecords(settings.secretNames)
  let level: LogLevel = settings.level

  const write = (severity: Severity, fields: object, message: string, context = currentContext()) => {
    const record = makeRecord(fields, message, context)
    target[severity](record.fields, record.message)
    // A process that is in trouble may not come to the end of its turn.
    if (rankOf(severity) >= rankOf("warn")) output.flush()
  }
  const lineAt = (severity: Severity): LogLine => {
    const rank = rankOf(severity)
    return (fields, message, context) => {
      if (rank >= rankOf(level)) write(severity, fields, message, context)
    }
  }
  const output = createOutput(settings.file, options, write)
  const target = createTarget(settings, output.write, options.clock ?? Date.now)

  return {
    logger: {
      trace: lineAt("trace"),
      debug: lineAt("debug"),
      info: lineAt("info"),
      warn: lineAt("warn"),
      error: lineAt("error"),
      fatal: lineAt("fatal"),
    },
    level: () => level,
    setLevel(to) {
      const from = level
      level = to
      write("info", { from, to }, "log level changed")
    },
    close: output.close,
    flushSync: output.flushSync,
  }
}

// Takes every level, as ours is applied before a record is made; and has no say in how values are written.
function createTarget(
  { service, environment, version }: LogConfig,
  write: (line: string) => void,
  clock: () => number,
) {
  return pino(
    {
      level: "trace",
      base: { service, environment, version: version ?? "unknown" },
      messageKey: "message",
      timestamp: createTimestamp(clock),
      formatters: { level: label => ({ level: label }) },
      serializers: { err: (value: unknown) => value },
    },
    { write },
  )
}
