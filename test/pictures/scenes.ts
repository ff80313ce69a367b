/** A command as a person types it, and the file that shows what came of it. They play in this order, in one clone. */
export interface Scene {
  readonly file: string
  readonly command: string
  readonly exitCode?: number
  /** What happens behind the scene, before. */
  readonly before?: string
}

const deploy = "dagger call -q deploy --env staging --allow-unscanned"

// -q leaves out the steps of the pipeline, and with them the name of the clone's folder.
export const scenes: readonly Scene[] = [
  { file: "terminal-start.svg", command: "npm start" },
  { file: "terminal-status.svg", command: "dagger call -q status --env staging" },
  // Refused, as nothing was scanned: the clone has no vulnerability database.
  { file: "terminal-refused.svg", command: "dagger call -q production", exitCode: 10 },
  {
    file: "terminal-rollback.svg",
    command: "dagger call -q rollback --env staging",
    // Another commit is another digest, so that there is something to go back from.
    before: `git commit --quiet --allow-empty --message "Another release" && ${deploy}`,
  },
  { file: "terminal-history.svg", command: "dagger call -q history --env staging" },
]
