import type { RestartRequest } from "./cli.ts"
import type { Context } from "./context.ts"
import * as commands from "./docker/commands.ts"
import { must } from "./docker/exec.ts"
import { labels } from "./environments.ts"
import { DeployError } from "./errors.ts"
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
    for (const { id } of chosen) await must(current.context.docker, commands.serviceRestart(id))
    await insistOnHealth(current, request.timeoutSeconds ?? defaultTimeoutSeconds)
    return chosen.map(({ name }) => name)
  })
  const seconds = Math.round((performance.now() - started) / 100) / 10
  return { outcome: "done", environment: request.environment.name, services, seconds }
}

async function insistOnHealth({ context, target, before }: Change, timeoutSeconds: number): Promise<void> {
  const deployId = before.services[0]?.labels[labels.deployId] ?? ""
  const limits = { timeoutSeconds, bakeSeconds: 0 }
  const { failure } = await follow(context, target.stack, { deployId, before }, limits)
  if (!failure) return
  // The same release: Swarm goes back to its other containers by itself.
  const { outcome, words } = await wayBack(failure.code)(context, target.stack, "", before, timeoutSeconds)
  throw new DeployError(failure.code, `${failure.message}; ${words}`, { ...failure, outcome })
}
