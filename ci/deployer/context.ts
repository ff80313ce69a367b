import type { FollowDocker } from "./docker/connect.ts"
import type { Docker } from "./docker/exec.ts"
import type { Progress } from "./progress.ts"

/** What every verb needs from outside. */
export interface Context {
  readonly docker: Docker
  readonly followDocker: FollowDocker
  readonly project: string
  /** Who asks for it, for the history; may be empty. */
  readonly actor: string
  /** By which people reach what is deployed. */
  readonly host: string
  readonly progress: Progress
  /** Aborted when the deployer itself is told to stop. */
  readonly signal: AbortSignal
}
