import { type DestinationStream, pino, stdTimeFunctions } from "pino"
import { currentContext } from "./context.ts"

type LogLine = (fields: object, message: string) => void

/** Writes one JSON object a line. An error belongs in the field `err`, which keeps its stack and cause. */
export interface Logger {
  readonly debug: LogLine
  readonly info: LogLine
  readonly warn: LogLine
  readonly error: LogLine
  readonly fatal: LogLine
}

export interface LoggerOptions {
  readonly level: string
  readonly service: string
  readonly environment: string
  /** null is written as "unknown", so that the field can always be searched for. */
  readonly version: string | null
  /** Where the lines go; the standard output unless told. */
  readonly destination?: DestinationStream
}

/**
 * Makes the logger of the process. Every line has the ISO time, the name of the level, service, environment
 * and version, and within a request its `requestId`.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { level, service, environment, version } = options
  const settings = {
    level,
    base: { service, environment, version: version ?? "unknown" },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: () => ({ ...currentContext() }),
  }
  // Written synchronously: nothing is lost when the process ends, by whatever way.
  return options.destination ? pino(settings, options.destination) : pino(settings)
}
