import type { RestartRequest } from "./cli.ts"
import type { Context } from "./context.ts"
import * as commands from "./docker/commands.ts"
import { must } from "./docker/exec.ts"
import type { Service, Snapshot } from "./docker/model.ts"
import { labels } from "./environments.ts"
import { DeployError } from "./errors.ts"
import type { Failure } from "./failure.ts"
import { persist } from "./persist.ts"
import { wayBack } from "./recovery.ts"
import { follow } from "./rollout.ts"
import { chooseServices } from "./services.ts"
import { type Change, change, openSession } from "./session.ts"

export interface Restarted {
  readonly outcome: "done"
  readonly environment: string
  readonly services: readonly string[]
  readonly seconds: number
}

const defaultTimeoutSeconds = 300

/** Replaces the containers by new ones of the same release, one after the other, as a release would. */
export async function restart(context: Context, request: RestartRequest): Promise<Restarted> {
  const started = performance.now()
  const session = await openSession(context, request.environment)
  const services = await change(session, "restart", async current => {
    const chosen = chooseServices(current.before.services, current.target, request.service)
    await insistOnHealth(current, chosen, request.timeoutSeconds ?? defaultTimeoutSeconds)
    return chosen.map(({ name }) => name)
  })
  const seconds = Math.round((performance.now() - started) / 100) / 10
  return { outcome: "done", environment: request.environment.name, services, seconds }
}

async function insistOnHealth(
  current: Change,
  chosen: readonly Service[],
  timeoutSeconds: number,
): Promise<void> {
  const { context, target } = current
  const deployId = current.before.services[0]?.labels[labels.deployId] ?? ""
  const limits = { timeoutSeconds, bakeSeconds: 0, unchangedBakeSeconds: 0 }
  const attempt = async (before: Snapshot) => {
    for (const { id } of chosen) await must(context.docker, commands.serviceRestart(id))
    return follow(context, target.stack, { deployId, before, watched: new Set() }, limits)
  }
  // The same release: Swarm goes back to its other containers by itself.
  const goBack = ({ code }: Failure) =>
    wayBack(code)(context, target.stack, "", current.before, timeoutSeconds)
  const { failure } = await persist(current, attempt, goBack)
  if (!failure) return
  const { outcome, words } = await goBack(failure)
  throw new DeployError(failure.code, `${failure.message}; ${words}`, { ...failure, outcome })
}
