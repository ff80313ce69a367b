/** What went wrong, why, and what the person can do about it. Codes are explained in docs/deployment/troubleshooting.md. */
export class KitError extends Error {
  readonly code: string
  readonly why: string
  readonly fix: string

  constructor(code: string, what: string, details: { why: string; fix: string; cause?: unknown }) {
    super(what, { cause: details.cause })
    this.name = "KitError"
    this.code = code
    this.why = details.why
    this.fix = details.fix
  }
}

/** The three lines that a person sees; unexpected errors keep their stack, since they are ours to mend. */
export function formatError(error: unknown): string {
  if (!(error instanceof KitError))
    return `error KIT_UNEXPECTED: ${error instanceof Error ? error.stack : String(error)}`
  const indented = (text: string) => text.trim().split("\n").join("\n       ")
  return `error ${error.code}: ${error.message}\n  why: ${indented(error.why)}\n  do:  ${indented(error.fix)}`
}
