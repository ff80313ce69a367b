/** A command as a person types it, and the file that shows what came of it. They play in this order, in one clone. */
export interface Scene {
  readonly file: string
  readonly command: string
  readonly exitCode?: number
}

export const scenes: readonly Scene[] = [
  { file: "terminal-start.svg", command: "npm start" },
  { file: "terminal-status.svg", command: "dagger call status --env staging" },
  // Nothing was scanned: the clone has no vulnerability database.
  { file: "terminal-refused.svg", command: "dagger call production", exitCode: 1 },
  { file: "terminal-rollback.svg", command: "dagger call rollback --env staging" },
  { file: "terminal-history.svg", command: "dagger call history --env staging" },
]
