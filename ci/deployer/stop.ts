import type { Context } from "./context.ts"
import { type Environment, targetOf } from "./environments.ts"
import { DeployError } from "./errors.ts"
import { readServices } from "./observe.ts"
import { insistOnOurs } from "./ownership.ts"
import { insistOnManager, reachDocker } from "./preflight.ts"
import { removeStack } from "./removal.ts"

export interface Stopped {
  readonly outcome: "done"
  readonly environment: string
  readonly stack: string
  /** False: there was nothing to stop, which is fine. */
  readonly wasRunning: boolean
}

export async function stop(context: Context, environment: Environment): Promise<Stopped> {
  const target = targetOf(context.project, environment)
  await reachDocker(context.docker)
  await insistOnManager(context.docker)
  const services = await readServices(context.docker, target.stack)
  insistOnOurs(services, target)
  // Also without services: an earlier stop may have been cut off before the networks were gone.
  const left = await removeStack(context, target.stack)
  if (left.length === 0) {
    return {
      outcome: "done",
      environment: environment.name,
      stack: target.stack,
      wasRunning: services.length > 0,
    }
  }
  throw new DeployError("DEPLOY_STOP_INCOMPLETE", `${target.stack} is not completely gone`, {
    why: `still there: ${left.join(", ")}`,
    todo: "run `stop` again; if it stays, look at these with docker inspect",
    outcome: "incomplete",
  })
}
