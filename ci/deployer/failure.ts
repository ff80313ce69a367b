import { wasGivenUp } from "./convergence.ts"
import * as commands from "./docker/commands.ts"
import type { Docker } from "./docker/exec.ts"
import type { Container, Service, Task } from "./docker/model.ts"

/** Why a rollout failed, before it is known how it ends (rolled back, removed …). */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly why: string
  readonly todo: string
  readonly evidence: readonly string[]
  /** Docker's own: the next attempt hardly ever meets it. */
  readonly passes?: boolean
}

interface Kind {
  readonly code: string
  readonly says: string
  readonly todo: string
  readonly passes?: boolean
}

const portTaken: Kind = {
  code: "DEPLOY_PORT_TAKEN",
  says: "is taken",
  todo: "stop what listens on it (`ss -ltnp` on the host shows it), or give another --port",
}
const imageUnavailable: Kind = {
  code: "DEPLOY_IMAGE_UNAVAILABLE",
  says: "could not start: its node could not get the image",
  todo: "check that the registry answers from that node and has the digest",
}
export const diskFull: Kind = {
  code: "DEPLOY_DISK_FULL",
  says: "could not start: the disk of its node is full",
  todo: "make room on that node (`docker system df` there shows what Docker has), then deploy again",
}
const noCapacity: Kind = {
  code: "DEPLOY_NO_CAPACITY",
  says: "has no room on any node",
  todo: "free memory or CPU on the node, or lower the reservations in the stack file",
}
const nodeLost: Kind = {
  code: "DEPLOY_NODE_LOST",
  says: "did not start: a node went away with a task of it",
  todo: "see `docker node ls` on a manager; deploy again, without that node as well",
}
// A busy daemon forks while it writes a container's secrets; its child has the file open, so the mount cannot become
// read-only (moby#48783). Seen twice in one run of all tests, on two busy cores.
const mountBusy: Kind = {
  code: "DEPLOY_MOUNT_BUSY",
  says: "could not start: Docker could not mount its secrets and configs",
  todo: "deploy again; if it stays so, restart Docker on that node",
  passes: true,
}
const unhealthy: Kind = {
  code: "DEPLOY_UNHEALTHY",
  says: "failed its health check",
  todo: "see the lines above; run the image with the same variables and ask its health path",
}
const crashed: Kind = {
  code: "DEPLOY_CRASHED",
  says: "ended by itself",
  todo: "see the log lines above",
}
const unknown: Kind = {
  code: "DEPLOY_UPDATE_FAILED",
  says: "did not start: Swarm stopped the update",
  todo: "see the message above and `docker service ps --no-trunc` on the target",
}

const portError = /address already in use|port is already allocated|host-mode port already in use/
const mountError = /unable to remount dir as readonly: .*device or resource busy/
const imageError = /no such image|manifest unknown|manifest for .* not found|pull access denied/i

export function isDiskFull(words: string): boolean {
  return words.includes("no space left on device")
}

export function isMountBusy({ error }: Task): boolean {
  return mountError.test(error)
}

function kindOf(task: Task | undefined, container: Container | undefined): Kind {
  if (!task) return unknown
  if (wasGivenUp(task)) return nodeLost
  if (portError.test(task.error)) return portTaken
  if (isDiskFull(task.error)) return diskFull
  if (imageError.test(task.error)) return imageUnavailable
  if (/no suitable node/.test(task.error)) return noCapacity
  if (isMountBusy(task)) return mountBusy
  if (/unhealthy/.test(task.error)) return unhealthy
  // Swarm would have said so. A check that was under way when the process crashed has failed as well.
  if (task.state === "failed") return crashed
  // Docker calls every stopped container unhealthy, so only failed checks count.
  if ((container?.failingStreak ?? 0) > 0) return unhealthy
  return task.state === "complete" ? crashed : unknown
}

export function explain(
  service: Service,
  task: Task | undefined,
  container?: Container,
  evidence: readonly string[] = [],
): Failure {
  const kind = kindOf(task, container)
  const subject = kind === portTaken ? `port ${service.ports.join(", ")}` : service.name
  const healthWords = container?.healthOutput && `health check: ${container.healthOutput}`
  const why = [errorWords(task), healthWords].filter(Boolean).join("; ")
  return {
    code: kind.code,
    message: `${subject} ${kind.says}`,
    why: why || service.updateMessage || "Docker gave no reason",
    todo: kind.todo,
    evidence,
    ...(kind.passes && { passes: true }),
  }
}

function errorWords(task: Task | undefined): string | undefined {
  // Docker names every layer that the error passed; what failed comes last.
  if (task?.error) return task.error.replace(/^.*(?=listen (tcp|udp))/s, "")
  return task?.exitCode === undefined ? undefined : `exit code ${task.exitCode}`
}

/** The last lines of a container's log, from this node. Gone or elsewhere: none. */
export async function lastLogLines(docker: Docker, task: Task | undefined, count = 15): Promise<string[]> {
  if (!task?.containerId) return []
  const result = await docker(commands.logs(task.containerId, count))
  if (result.code !== 0) return []
  return `${result.stdout}\n${result.stderr}`.split("\n").filter(line => line.trim() !== "")
}

export function timedOut(seconds: number, detail: string): Failure {
  return {
    code: "DEPLOY_TIMEOUT",
    message: `not done after ${seconds} s`,
    why: detail,
    todo: "give a longer --timeout if the application is slow to start, else see its logs",
    evidence: [],
  }
}

export const interrupted: Failure = {
  code: "DEPLOY_INTERRUPTED",
  message: "the deploy was interrupted",
  why: "the deployer was told to stop (SIGINT or SIGTERM)",
  todo: "deploy again",
  evidence: [],
}

export const overtaken: Failure = {
  code: "DEPLOY_LOCK_LOST",
  message: "somebody else took the lock over",
  why: "this run did not show itself for too long: the machine slept, or Docker did not answer",
  todo: "see `status` and `history` for what runs now",
  evidence: [],
}

export function stackRejected(stderr: string): Failure {
  return {
    code: "DEPLOY_STACK_REJECTED",
    message: "Docker did not take the stack file",
    why: stderr.trim() || "docker stack deploy failed without a word",
    todo: "correct the stack file",
    evidence: [],
  }
}
