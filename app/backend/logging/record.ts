import type { LogContext } from "./context.ts"
import { createRedaction } from "./redaction.ts"
import { addFields, type CleanFields, cleanValue, isError, unreadable, type Walk } from "./values.ts"

/** No line is longer, its newline included. Bytes. */
export const maxRecordBytes = 65_536

// Service, environment and version, escaped at their longest, the time, and the marks of what was cut.
const reservedBytes = 7000

// The line has these already, or pino takes an object with such a field for a request or a response, or looks the
// name up in a plain object.
const reservedNames = new Set([
  ...["level", "timestamp", "service", "environment", "version", "message", "correlationId"],
  ...["socket", "setHeader", ...Object.getOwnPropertyNames(Object.prototype)],
])

/** What pino is given: plain data only. */
export interface LogRecord {
  readonly fields: CleanFields
  readonly message: string
}

export type MakeRecord = (fields: unknown, message: unknown, context: LogContext | undefined) => LogRecord

/**
 * Makes records of whatever is to be logged: without secrets, with the correlation id of the context, and short
 * enough. A field whose name the line needs itself gets an underscore at its end. Never throws.
 */
export function createRecords(secretNames: Parameters<typeof createRedaction>[0]): MakeRecord {
  const redaction = createRedaction(secretNames)
  return (fields, message, context) => {
    const walk: Walk = { redaction, left: (maxRecordBytes - reservedBytes) / 2, ancestors: [] }
    // First and with half of the room, so that no field crowds it out.
    const text = cleanValue(walk, message)
    walk.left += (maxRecordBytes - reservedBytes) / 2
    const clean: CleanFields = {}
    if (context !== undefined) clean.correlationId = context.correlationId
    try {
      const holder = isPlain(fields) ? fields : { [isError(fields) ? "err" : "fields"]: fields }
      walk.ancestors.push(holder)
      addFields(walk, clean, holder, { rename: reservedNames })
    } catch {
      // A proxy may throw at anything.
      clean.fields = unreadable
    }
    return { fields: clean, message: typeof text === "string" ? text : String(JSON.stringify(text)) }
  }
}

const isPlain = (fields: unknown): fields is object =>
  typeof fields === "object" && fields !== null && !Array.isArray(fields) && !isError(fields)
