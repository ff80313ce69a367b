import type { Context } from "./context.ts"
import { isUpdating } from "./convergence.ts"
import { patient } from "./docker/exec.ts"
import type { Service, Snapshot } from "./docker/model.ts"
import { type Environment, labels, type Target, targetOf } from "./environments.ts"
import { DeployError } from "./errors.ts"
import { diskFull } from "./failure.ts"
import { observe } from "./observe.ts"
import { insistOnOurs } from "./ownership.ts"
import { isoSeconds, newDeployId } from "./plan.ts"
import { insistOnManager, reachDocker } from "./preflight.ts"
import { assessReturn, recoverWithRoom } from "./recovery.ts"
import { insistOnRoom } from "./room.ts"
import { withLock } from "./state/lock.ts"
import { type Recorded, readReleases, recordEnd } from "./state/releases.ts"

/** An environment on a Docker that answers and manages a swarm. */
export interface Session {
  readonly context: Context
  readonly target: Target
  /** Of Docker's command line. */
  readonly clientVersion: string
}

/** A session that alone may change its environment. */
export interface Change extends Session {
  readonly deployId: string
  /** When it began. */
  readonly time: string
  readonly before: Snapshot
  /** Oldest first. */
  readonly releases: readonly Recorded[]
  /** The release that the services are of; undefined when nothing runs, or nothing that was recorded. */
  readonly running: Recorded | undefined
}

export async function openSession(context: Context, environment: Environment): Promise<Session> {
  const clientVersion = await reachDocker(context.docker)
  await insistOnManager(context.docker)
  return {
    context: { ...context, docker: patient(context.docker, context.progress) },
    target: targetOf(context.project, environment),
    clientVersion,
  }
}

/** Does the work under the environment's lock, on services that are ours and, unless that does not matter, at rest. */
export async function change<T>(
  session: Session,
  verb: string,
  work: (change: Change) => Promise<T>,
  { atRest = true } = {},
): Promise<T> {
  const now = new Date()
  const { target } = session
  const holder = { actor: session.context.actor, verb, deployId: newDeployId(now) }
  return withLock(session.context, target.stack, holder, async context => {
    const found = await observe(context.docker, target.stack)
    insistOnOurs(found.services, target)
    const releases = await endInterrupted(context, target.stack)
    const running = runningRelease(releases, found)
    const before = atRest ? await broughtToRest(context, target, found, releases.at(-1)) : found
    const { deployId } = holder
    return work({ ...session, context, deployId, time: isoSeconds(now), before, releases, running })
  })
}

/** How long a way back may take that a run before has left to do. */
const undoSeconds = 300

export function runningRelease(releases: readonly Recorded[], now: Snapshot): Recorded | undefined {
  const ids = new Set(now.services.map(service => service.labels[labels.deployId]))
  return releases.find(({ deployId }) => ids.has(deployId))
}

/** The ids of the tasks that the running release was watched with to its end, and not of those that came after it. */
export function watchedTasks({ before, running }: Pick<Change, "before" | "running">): Set<string> {
  if (running?.ended?.outcome !== "deployed") return new Set()
  const ended = Date.parse(running.object.updatedAt)
  return new Set(before.tasks.filter(({ createdAt }) => Date.parse(createdAt) < ended).map(({ id }) => id))
}

/** Who has the lock knows that a release without an end is one whose deployer was killed. */
async function endInterrupted({ docker, progress }: Context, stack: string): Promise<Recorded[]> {
  const releases = await readReleases(docker, stack)
  const open = releases.filter(({ ended }) => ended === undefined)
  for (const { number } of open) {
    progress(`release ${number} was never ended: its deployer was killed`)
    const endedAt = isoSeconds(new Date())
    await recordEnd(docker, stack, number, { outcome: "interrupted", endedAt, seconds: 0 })
  }
  return open.length > 0 ? readReleases(docker, stack) : releases
}

/** A release that its own deployer could not undo, for want of room, is undone first: nobody else does it. */
async function broughtToRest(
  context: Context,
  target: Target,
  found: Snapshot,
  last: Recorded | undefined,
): Promise<Snapshot> {
  const halfway = last !== undefined && isHalfway(last, found)
  if (halfway) {
    await insistOnRoom(context.docker, target.stack, found.services[0]?.image ?? "")
    context.progress(`release ${last.number} was never undone: doing that first`)
    await recoverWithRoom(context, target.stack, last.deployId, found, undoSeconds)
  }
  const before = halfway ? await observe(context.docker, target.stack) : found
  insistOnQuiet(before.services, target)
  return before
}

export function isHalfway({ ended, deployId }: Recorded, found: Snapshot): boolean {
  if (ended?.outcome !== "rollback-failed" || ended.code !== diskFull.code) return false
  return assessReturn(found, found.services, deployId) !== "returned"
}

export function insistOnQuiet(services: readonly Service[], { stack }: Target): void {
  const busy = services.find(isUpdating)
  if (!busy) return
  throw new DeployError("DEPLOY_LOCKED", `${stack} is being changed right now`, {
    why: `${busy.name}: ${busy.updateMessage || busy.updateState}`,
    todo: "wait until `status` no longer says so, then try again",
    outcome: "locked",
  })
}
