/** Why a service cannot be taken: what is missing (message), why that matters, and what to do about it. */
export class InitError extends Error {
  override readonly name = "InitError"
  readonly code: string
  readonly why: string
  readonly todo: string

  constructor(code: string, message: string, { why, todo }: { why: string; todo: string }) {
    super(message)
    this.code = code
    this.why = why
    this.todo = todo
  }
}
