import type { Code } from "./rules.ts"

/** One rule that is broken. */
export interface Finding {
  readonly code: Code
  /** The service, the stage, or the image. */
  readonly subject: string
  readonly what: string
}

/** What an image brings along, so that the stack file need not say it. */
export interface Traits {
  readonly user: boolean
  readonly healthcheck: boolean
}

/** A user by number, other than root. A group may follow. */
export function isPlainUser(user: unknown): boolean {
  return /^[1-9]\d{0,8}(:\d{1,9})?$/.test(String(user ?? ""))
}
