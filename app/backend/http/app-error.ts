import { STATUS_CODES } from "node:http"

/** An error with an answer: `code` is for programs and stays stable, `status` is the HTTP status. */
export class AppError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause })
    this.name = "AppError"
    this.code = code
    this.status = status
  }
}

/** Makes an AppError of whatever was thrown; only errors that blame the client keep their status. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const status = clientStatus(thrown)
  if (status === undefined) return new AppError("internal_error", 500, thrown)
  return new AppError(codeOf(status), status, thrown)
}

/** The phrase of a status, such as "Not Found". */
export const phraseOf = (status: number): string => STATUS_CODES[status] ?? "Error"

const codeOf = (status: number): string =>
  phraseOf(status)
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, "_")

// Express and its body parsers mark the client's mistakes with a status.
function clientStatus(thrown: unknown): number | undefined {
  if (typeof thrown !== "object" || thrown === null || !("status" in thrown)) return undefined
  const { status } = thrown
  return typeof status === "number" && status >= 400 && status < 500 ? status : undefined
}
