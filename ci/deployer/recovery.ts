import { setTimeout as sleep } from "node:timers/promises"
import type { Context } from "./context.ts"
import { hasGoneBack, isHeldUp, isServing, isUpdating } from "./convergence.ts"
import * as commands from "./docker/commands.ts"
import type { Service, Snapshot } from "./docker/model.ts"
import { labels } from "./environments.ts"
import type { Outcome } from "./errors.ts"
import { diskFull, isMountBusy } from "./failure.ts"
import { observe } from "./observe.ts"
import { removeStack } from "./removal.ts"
import { roomComes } from "./room.ts"

export interface Recovery {
  readonly outcome: Extract<Outcome, "rolled-back" | "removed" | "rollback-failed">
  /** What runs now, for the person who reads the error. */
  readonly words: string
}

/** How to undo a release that failed with this code. */
export function wayBack(code: string): typeof recover {
  return code === diskFull.code ? recoverWithRoom : recover
}

/** Undoes a failed deploy: removes a first one, goes back to the previous release otherwise. */
async function recover(
  context: Context,
  stack: string,
  deployId: string,
  before: Snapshot,
  seconds: number,
): Promise<Recovery> {
  if (before.services.length === 0) return removeFirst(context, stack)
  const now = await observe(context.docker, stack)
  await carryOut(context, recoveryCommands(before.services, now.services, deployId))
  return waitForPrevious(context, stack, deployId, before.services, seconds)
}

/** The same where a disk was full: after somebody has made room. */
export async function recoverWithRoom(
  context: Context,
  stack: string,
  deployId: string,
  before: Snapshot,
  seconds: number,
): Promise<Recovery> {
  const image = before.services[0]?.image
  if (image !== undefined) {
    if (!(await roomComes(context, stack, image, seconds))) return noRoomCame
    const now = await observe(context.docker, stack)
    await carryOut(context, repeatCommands(now, deployId))
  }
  return recover(context, stack, deployId, before, seconds)
}

const noRoomCame: Recovery = {
  outcome: "rollback-failed",
  words: "there was no room for the way back either: the next deploy goes it first",
}

async function carryOut({ docker, progress }: Context, all: readonly string[][]): Promise<void> {
  for (const args of all) {
    progress(`docker ${args.join(" ")}`)
    const result = await docker(args, { timeoutSeconds: 60 })
    if (result.code !== 0) progress(`that failed: ${result.stderr.trim()}`)
  }
}

async function removeFirst(context: Context, stack: string): Promise<Recovery> {
  const left = await removeStack(context, stack)
  if (left.length === 0)
    return { outcome: "removed", words: "it was the first release: nothing of it is left" }
  return { outcome: "rollback-failed", words: `could not be removed: ${left.join(", ")}` }
}

/**
 * What Swarm did not undo by itself: services that carry this deploy's id go back one release, services that
 * this deploy brought go away.
 */
export function recoveryCommands(
  before: readonly Service[],
  now: readonly Service[],
  deployId: string,
): string[][] {
  const existed = (service: Service) => before.some(known => known.id === service.id)
  return now.flatMap(service => {
    if (!existed(service)) return [commands.serviceRemove([service.id])]
    const wentBack = service.labels[labels.deployId] !== deployId
    return wentBack ? [] : [commands.serviceRollback(service.id)]
  })
}

/** Where Swarm went back by itself, and met the full disk on that way as well: it does not try again. */
export function repeatCommands(now: Snapshot, deployId: string): string[][] {
  const halted = now.services.filter(service => {
    return service.labels[labels.deployId] !== deployId && servingTasks(service, now) < service.wanted
  })
  return halted.map(({ id }) => commands.serviceRestart(id))
}

async function waitForPrevious(
  context: Context,
  stack: string,
  deployId: string,
  before: readonly Service[],
  seconds: number,
): Promise<Recovery> {
  const deadline = performance.now() + seconds * 1000
  const unblock = unblocker(context)
  const repeats = repeater(context)
  for (;;) {
    // A daemon that is away for a moment does not end the way back.
    const now = await observe(context.docker, stack).catch(() => undefined)
    const state = now ? assessReturn(now, before, deployId) : "waiting"
    if (now) await unblock(now)
    if (now && state === "failed" && (await repeats(now))) continue
    if (state === "returned") return { outcome: "rolled-back", words: "the previous release runs, healthy" }
    if (state === "failed" || performance.now() > deadline) {
      return { outcome: "rollback-failed", words: "the previous release does not run as it should" }
    }
    context.progress("going back to the previous release")
    await sleep(500)
  }
}

// Longer than the restart delay of a stack file, during which a task waits just so.
const heldUpSeconds = 5

/** Restarts, once, a service whose way back Swarm holds up: its users are without service meanwhile. */
function unblocker({ docker, progress }: Context): (now: Snapshot) => Promise<void> {
  const since = new Map<string, number>()
  return async now => {
    for (const { id, name } of now.services.filter(service => isHeldUp(service, now.tasks))) {
      const first = since.get(id) ?? performance.now()
      since.set(id, first)
      if (performance.now() - first < heldUpSeconds * 1000) continue
      since.set(id, Number.POSITIVE_INFINITY)
      progress(`${name}: Swarm waits for a task that never ran; restarting it`)
      await docker(commands.serviceRestart(id))
    }
  }
}

/** Asks once more for a way back that Swarm halted by a fault of Docker that passes. Says whether it did. */
function repeater(context: Context): (now: Snapshot) => Promise<boolean> {
  let repeated = false
  return async now => {
    if (repeated || !now.tasks.some(isMountBusy)) return false
    repeated = true
    const halted = now.services.filter(({ updateState }) => updateState === "rollback_paused")
    const all = halted.map(({ id }) => commands.serviceRestart(id))
    await carryOut(context, all)
    return all.length > 0
  }
}

/** Whether every service that existed runs its previous release again, in full health. */
export function assessReturn(now: Snapshot, before: readonly Service[], deployId: string) {
  const services = before.map(known => now.services.find(service => service.id === known.id))
  if (services.some(service => !service || service.updateState === "rollback_paused")) return "failed"
  return services.every(service => service && isBack(service, now, deployId)) ? "returned" : "waiting"
}

function isBack(service: Service, now: Snapshot, deployId: string): boolean {
  if (!hasGoneBack(service, deployId) || isUpdating(service) || service.updateState === "paused") return false
  return servingTasks(service, now) === service.wanted
}

function servingTasks({ id, image }: Service, { tasks, containers }: Snapshot): number {
  const own = tasks.filter(task => task.serviceId === id && task.image === image)
  return own.filter(task => isServing(task, containers)).length
}
