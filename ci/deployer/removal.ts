import { setTimeout as sleep } from "node:timers/promises"
import type { Context } from "./context.ts"
import * as commands from "./docker/commands.ts"
import { type Docker, must } from "./docker/exec.ts"
import { words } from "./docker/parse.ts"

// A container may take its whole grace period (35 s in our stack file) to stop.
const limitSeconds = 120

/**
 * Removes the stack and waits until its services, containers and networks are gone, and with them its ports. Not by
 * `stack rm`: that would take the secrets and configs as well, which `start` and `rollback` need.
 * Returns what is left after the time limit: nothing, when all went well.
 */
export async function removeStack({ docker, progress }: Context, stack: string): Promise<string[]> {
  const deadline = performance.now() + limitSeconds * 1000
  const services = words(await must(docker, commands.serviceList(stack)))
  if (services.length > 0) await docker(commands.serviceRemove(services), { timeoutSeconds: 60 })
  for (;;) {
    const left = await leftovers(docker, stack)
    if (left.length === 0) return []
    if (performance.now() > deadline) return left
    progress(`removing ${stack}: ${summary(left)} left`)
    await sleep(500)
  }
}

async function leftovers(docker: Docker, stack: string): Promise<string[]> {
  const services = words(await must(docker, commands.serviceList(stack)))
  const containers = words(await must(docker, commands.containerList(stack)))
  const networks = words(await must(docker, commands.networkList(stack)))
  // Swarm refuses while a task is still attached.
  if (networks.length > 0 && services.length + containers.length === 0)
    await docker(commands.networkRemove(networks))
  const named = (kind: string) => (id: string) => `${kind} ${id}`
  return [
    ...services.map(named("service")),
    ...containers.map(named("container")),
    ...networks.map(named("network")),
  ]
}

function summary(left: readonly string[]): string {
  const kinds = new Map<string, number>()
  for (const item of left) {
    const kind = item.split(" ")[0] ?? ""
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  return [...kinds].map(([kind, count]) => `${count} ${kind}${count === 1 ? "" : "s"}`).join(", ")
}
