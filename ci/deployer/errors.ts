/**
 * How a run can end, and the exit code that says so. `docker stack deploy` exits 0 even after a rollback, so a
 * script can only trust these.
 */
export const exitCodes = {
  /** deploy: the new release runs, checked. status and stop: done. */
  done: 0,
  /** A defect of this program, or Docker gave an answer that it does not understand. */
  internal: 1,
  /** A check before the first change said no; nothing was changed. */
  refused: 10,
  /** Somebody else is deploying to this environment; nothing was changed. */
  locked: 11,
  /** The new release failed; the previous one runs again. */
  "rolled-back": 20,
  /** The first release of an environment failed; nothing of it is left. */
  removed: 21,
  /** The new release failed and the way back failed too: a person has to look. */
  "rollback-failed": 22,
  /** stop: something of the stack is still there. */
  incomplete: 23,
  /** The command line is wrong (EX_USAGE of sysexits.h). */
  usage: 64,
} as const

export type Outcome = keyof typeof exitCodes

export interface Explanation {
  readonly why: string
  readonly todo: string
  readonly outcome?: Outcome
  /** Lines that show it: the last log lines of a container, the answer of its health check. */
  readonly evidence?: readonly string[]
  /** More of it, for programs. */
  readonly details?: object
  readonly cause?: unknown
}

/** An error for the person at the terminal: what happened (message), why, and what to do about it. */
export class DeployError extends Error {
  override readonly name = "DeployError"
  readonly code: string
  readonly why: string
  readonly todo: string
  readonly outcome: Outcome
  readonly evidence: readonly string[]
  readonly details: object

  constructor(code: string, message: string, explanation: Explanation) {
    super(message, { cause: explanation.cause })
    this.code = code
    this.why = explanation.why
    this.todo = explanation.todo
    this.outcome = explanation.outcome ?? "refused"
    this.evidence = explanation.evidence ?? []
    this.details = explanation.details ?? {}
  }
}

/** Anything that was thrown, as an error that can be printed. */
export function toDeployError(thrown: unknown): DeployError {
  if (thrown instanceof DeployError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new DeployError("DEPLOY_INTERNAL", message, {
    why: "the deployer met something that it does not handle",
    todo: "look at the environment with `status`, then report this with the output above",
    outcome: "internal",
    cause: thrown,
  })
}
