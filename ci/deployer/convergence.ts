import type { Container, Service, Snapshot, Task } from "./docker/model.ts"
import { labels } from "./environments.ts"
import { sameSpecification } from "./specification.ts"

export type Verdict =
  | { readonly kind: "converged" }
  /** serving: all tasks of the new release do, and Swarm still watches them. */
  | { readonly kind: "waiting"; readonly detail: string; readonly serving: boolean }
  /** Swarm cannot place a task. Final only when it lasts, as an old task may be about to leave. */
  | { readonly kind: "stuck"; readonly detail: string; readonly service: Service; readonly task: Task }
  | { readonly kind: "failed"; readonly service: Service; readonly task: Task | undefined }

/** What the deploy knew before it changed anything. */
export interface Expectation {
  readonly deployId: string
  readonly before: Snapshot
  /** Since the stack was given to Swarm. */
  readonly elapsedSeconds: number
}

/** Looks at one moment of a rollout and says how it stands. */
export function assess(now: Snapshot, expected: Expectation): Verdict {
  if (now.services.length === 0) return { kind: "waiting", detail: "no service yet", serving: false }
  const verdicts = now.services.map(service => assessService(service, now, expected))
  const worst =
    verdicts.find(verdict => verdict.kind === "failed") ?? verdicts.find(verdict => verdict.kind === "stuck")
  if (worst) return worst
  const waiting = verdicts.filter(verdict => verdict.kind === "waiting")
  if (waiting.length === 0) return { kind: "converged" }
  const detail = waiting.map(verdict => verdict.detail).join(", ")
  return { kind: "waiting", detail, serving: waiting.every(verdict => verdict.serving) }
}

function assessService(service: Service, now: Snapshot, expected: Expectation): Verdict {
  const tasks = now.tasks.filter(task => task.serviceId === service.id)
  const fresh = tasks.filter(task => !expected.before.tasks.some(known => known.id === task.id))
  const broken = latest(fresh.filter(hasEnded))
  if (hasGoneBack(service, expected.deployId)) return { kind: "failed", service, task: broken }
  // During an update Swarm itself decides, and then goes back. Nothing watches the tasks of a new service, nor those of
  // one that Swarm is done with.
  const isNew = !expected.before.services.some(known => known.id === service.id)
  if (broken && (isNew || service.updateState === "completed"))
    return { kind: "failed", service, task: broken }
  const lost = isUpdating(service) ? fresh.find(task => isLost(task, now)) : undefined
  if (lost) return { kind: "stuck", detail: "its node does not answer", service, task: lost }
  const waitingForRoom = fresh.find(
    task => task.state === "pending" && task.desired !== "shutdown" && task.error,
  )
  if (waitingForRoom && !tasks.some(task => isLeaving(task) && isReachable(task, now))) {
    return { kind: "stuck", detail: waitingForRoom.error, service, task: waitingForRoom }
  }
  return completeness(service, tasks, now.containers, expected.elapsedSeconds)
}

function completeness(
  service: Service,
  tasks: readonly Task[],
  containers: readonly Container[],
  elapsedSeconds: number,
): Verdict {
  const serving = tasks.filter(task => isServing(task, containers))
  const good = serving.filter(task => isCurrent(task, service, elapsedSeconds)).length
  const all = good === service.wanted
  if (all && !isUpdating(service)) return { kind: "converged" }
  const phase = all ? "healthy, watched for a while" : "healthy"
  return { kind: "waiting", detail: `${service.name}: ${good} of ${service.wanted} ${phase}`, serving: all }
}

// Swarm marks a service as updating a moment after it took the new specification. Until then the tasks of the
// old one look complete, so their specification is compared; should a Docker version report the two in forms
// that never compare equal, Swarm has long begun by this time.
const updateBeginsSeconds = 15

/** Runs what the service asks for now, not what it asked for before. */
function isCurrent(task: Task, service: Service, elapsedSeconds: number): boolean {
  if (task.image !== service.image) return false
  // The port is not part of the task's specification: a changed port alone replaces the tasks too. A task that has
  // lived through a change of the cluster's leader has its ports, and Swarm no longer knows them.
  const known = task.ports.length > 0 || service.ports.length === 0
  if (known && !service.ports.every(port => task.ports.includes(port))) return false
  const settled = service.updateState === "completed" || elapsedSeconds > updateBeginsSeconds
  return settled || (known && sameSpecification(task.spec, service.template))
}

/** Running, and healthy as far as this node can see. */
export function isServing(task: Task, containers: readonly Container[]): boolean {
  if (task.desired !== "running" || task.state !== "running") return false
  const container = containers.find(candidate => candidate.id === task.containerId)
  return container === undefined || container.health === "healthy"
}

/** Whether all that is to run are these tasks. */
export function consistsOf(now: Snapshot, tasks: ReadonlySet<string>): boolean {
  return now.tasks.every(({ id, desired }) => desired !== "running" || tasks.has(id))
}

/** Swarm puts the previous specification back, labels included: so the deploy id tells. */
export function hasGoneBack(service: Service, deployId: string): boolean {
  const state = service.updateState ?? ""
  return service.labels[labels.deployId] !== deployId || state === "paused" || state.startsWith("rollback")
}

export function isUpdating(service: Service): boolean {
  return service.updateState === "updating" || service.updateState === "rollback_started"
}

// A task that Swarm stopped for being unhealthy is `complete` when its process then exits with 0.
function hasEnded(task: Task): boolean {
  return ["failed", "rejected", "complete"].includes(task.state)
}

/**
 * Told to stop, and still on its node, where it holds its port. A task that never got a node stays `pending`
 * for good when Swarm gives it up, so that one does not count.
 */
function isLeaving(task: Task): boolean {
  const onNode = ["assigned", "accepted", "preparing", "ready", "starting", "running"]
  return ["shutdown", "remove"].includes(task.desired) && onNode.includes(task.state)
}

/**
 * Swarm has moved it elsewhere, and an update waits for the day on which it runs, or fails: never, when its node is gone.
 * A node that answers ends it by itself.
 */
function isLost(task: Task, now: Snapshot): boolean {
  return wasGivenUp(task) && !isReachable(task, now)
}

/** Told to stop before it ran: its container is there or not, and not yet healthy. */
export function wasGivenUp(task: Task): boolean {
  return task.desired === "shutdown" && isOnItsWay(task)
}

/** It has a node, and does not yet run there in good health. */
export function isOnItsWay({ state }: Task): boolean {
  return ["assigned", "accepted", "preparing", "ready", "starting"].includes(state)
}

function isReachable({ nodeId }: Task, { nodes }: Snapshot): boolean {
  return nodes.some(({ id, isDown }) => id === nodeId && !isDown)
}

/**
 * Swarm gave up a task that never got a node, and now waits for it to end, a full minute, before it starts the
 * next one. Seen when a task fails and its replacement finds the host port not yet released.
 */
export function isHeldUp(service: Service, tasks: readonly Task[]): boolean {
  const own = tasks.filter(task => task.serviceId === service.id)
  const abandoned = own.some(task => task.desired === "shutdown" && task.state === "pending")
  return abandoned && own.some(task => task.desired === "ready" && task.state === "ready")
}

function latest(tasks: readonly Task[]): Task | undefined {
  return [...tasks].sort((a, b) => a.createdAt.localeCompare(b.createdAt)).at(-1)
}
