import type { Context } from "./context.ts"
import type { Environment } from "./environments.ts"
import { DeployError } from "./errors.ts"
import { removeStack } from "./removal.ts"
import { type Change, change, openSession } from "./session.ts"

export interface Stopped {
  readonly outcome: "done"
  readonly environment: string
  readonly stack: string
  /** False: there was nothing to stop, which is fine. */
  readonly wasRunning: boolean
}

/**
 * Stops everything, an update that Swarm never ends as well: it is the way out when nothing else goes on. History, secrets
 * and configs stay, so that `start` brings the same release back.
 */
export async function stop(context: Context, environment: Environment): Promise<Stopped> {
  const session = await openSession(context, environment)
  return change(session, "stop", current => stopAll(current, environment), { atRest: false })
}

async function stopAll(
  { context, target: { stack }, before }: Change,
  { name: environment }: Environment,
): Promise<Stopped> {
  // Also without services: an earlier stop may have been cut off before the networks were gone.
  const left = await removeStack(context, stack)
  if (left.length === 0)
    return { outcome: "done", environment, stack, wasRunning: before.services.length > 0 }
  throw new DeployError("DEPLOY_STOP_INCOMPLETE", `${stack} is not completely gone`, {
    why: `still there: ${left.join(", ")}`,
    todo: "run `stop` again; if it stays, look at these with docker inspect",
    outcome: "incomplete",
  })
}
