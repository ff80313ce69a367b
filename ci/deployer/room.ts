import { setTimeout as sleep } from "node:timers/promises"
import type { Context } from "./context.ts"
import { isOnItsWay } from "./convergence.ts"
import * as commands from "./docker/commands.ts"
import type { Docker } from "./docker/exec.ts"
import type { Snapshot, Task } from "./docker/model.ts"
import { DeployError } from "./errors.ts"
import { diskFull, explain, type Failure, isDiskFull } from "./failure.ts"

/** How long a task may stay in one state before its node's disk is looked at, and how often. */
const unmovedSeconds = 8

/**
 * Finds a full disk by what does not happen: Swarm on such a node can neither start a task nor write down that it failed,
 * so nobody is told. The disk is that of the node that is asked; those of other nodes cannot be seen from here.
 */
export class RoomWatch {
  private readonly context: Context
  private readonly stack: string
  private readonly seen = new Map<string, { state: string; since: number }>()

  constructor(context: Context, stack: string) {
    this.context = context
    this.stack = stack
  }

  async failure(now: Snapshot): Promise<Failure | undefined> {
    const task = this.unmoved(now)
    const service = now.services.find(({ id }) => id === task?.serviceId)
    if (!task || !service) return undefined
    const error = await noRoom(this.context.docker, this.stack, task.image)
    if (error !== undefined) return explain(service, { ...task, error })
    // It takes its time for another reason.
    this.seen.delete(task.id)
    return undefined
  }

  private unmoved(now: Snapshot): Task | undefined {
    const here = now.nodes.find(({ isSelf }) => isSelf)?.id
    const coming = now.tasks.filter(task => isOnItsWay(task) && ["ready", "running"].includes(task.desired))
    return coming.filter(({ nodeId }) => nodeId === here).find(task => this.stands(task))
  }

  private stands({ id, state }: Task): boolean {
    const known = this.seen.get(id)
    if (known?.state === state) return performance.now() - known.since > unmovedSeconds * 1000
    this.seen.set(id, { state, since: performance.now() })
    return false
  }
}

/**
 * Makes a container, as Swarm would, and removes it.
 *
 * @param image one that is there
 * @returns what Docker says of a disk that is full; undefined when there is room
 */
async function noRoom(docker: Docker, stack: string, image: string): Promise<string | undefined> {
  const name = `${stack}-room`
  const made = await docker(commands.containerCreate(name, image)).catch(() => undefined)
  if (!made) return undefined
  const { code, stderr } = made
  if (code !== 0 && isDiskFull(stderr)) return stderr.trim()
  await docker(commands.containerRemove(name))
  return undefined
}

/** @throws DeployError DEPLOY_DISK_FULL */
export async function insistOnRoom(docker: Docker, stack: string, image: string): Promise<void> {
  const why = await noRoom(docker, stack, image)
  if (why === undefined) return
  throw new DeployError(diskFull.code, "there is no room for a container", { why, todo: diskFull.todo })
}

/**
 * Until somebody has made room: what Swarm is asked to start before that, it may never try again.
 *
 * @returns false when nobody did in that time
 */
export async function roomComes(
  { docker, progress, signal }: Context,
  stack: string,
  image: string,
  seconds: number,
): Promise<boolean> {
  const deadline = performance.now() + seconds * 1000
  while ((await noRoom(docker, stack, image)) !== undefined) {
    if (performance.now() > deadline || signal.aborted) return false
    progress("the target's disk is full: make room there, and the release before comes back")
    await sleep(1000)
  }
  return true
}
