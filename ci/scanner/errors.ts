export interface Explanation {
  readonly why: string
  readonly todo: string
  /** Lines that show it: each wrong entry of a file, the end of a tool's output. */
  readonly evidence?: readonly string[]
  readonly cause?: unknown
}

/** What keeps the scan from being made at all: what happened (message), why, and what to do about it. */
export class ScanError extends Error {
  override readonly name = "ScanError"
  readonly code: string
  readonly why: string
  readonly todo: string
  readonly evidence: readonly string[]

  constructor(code: string, message: string, { why, todo, evidence = [], cause }: Explanation) {
    super(message, { cause })
    this.code = code
    this.why = why
    this.todo = todo
    this.evidence = evidence
  }
}
