import { setTimeout as sleep } from "node:timers/promises"
import type { Context } from "../context.ts"
import { DeployError } from "../errors.ts"
import { createObject, label, readObject, removeObjects, type StateObject } from "./objects.ts"

/** Who changes the environment, for the person who finds it locked. */
export interface Holder {
  readonly actor: string
  /** What is being done: deploy, rollback … */
  readonly verb: string
  readonly deployId: string
}

const beatSeconds = 8
/** A holder that has not shown itself for so long is dead. */
const expirySeconds = 35
const beatLabel = "io.lockstep.beat"

/** The reason why a run stops when somebody has taken its lock over. */
export const lockLost = Symbol("lock lost")

/**
 * Does the work while nobody else changes the environment. The holder changes the lock every few seconds; who finds it
 * unchanged for longer takes it over. So no clock is compared with another machine's, and a killed deploy blocks the
 * next one for half a minute.
 *
 * @throws DeployError DEPLOY_LOCKED when its holder is at work
 */
export async function withLock<T>(
  context: Context,
  stack: string,
  holder: Holder,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const id = await acquire(context, stack, holder)
  const lost = new AbortController()
  const beat = setInterval(() => {
    renew(context, id).then(
      held => held || lost.abort(lockLost),
      () => undefined,
    )
  }, beatSeconds * 1000)
  try {
    return await work({ ...context, signal: AbortSignal.any([context.signal, lost.signal]) })
  } finally {
    clearInterval(beat)
    // A lock that cannot be removed now expires.
    await removeObjects(context.docker, [id]).catch(() => undefined)
  }
}

/** Who holds the lock of the stack at the moment, dead or alive. */
export async function readHolder({ docker }: Context, stack: string): Promise<Holder | undefined> {
  const lock = await readObject(docker, lockName(stack))
  return lock && holderOf(lock)
}

function lockName(stack: string): string {
  return `${stack}.lock`
}

function holderOf(lock: StateObject): Holder {
  return JSON.parse(lock.data) as Holder
}

async function acquire(context: Context, stack: string, holder: Holder): Promise<string> {
  const name = lockName(stack)
  for (;;) {
    const id = await createObject(context.docker, { kind: "lock", stack, name, data: holder })
    if (id) return id
    const held = await readObject(context.docker, name)
    if (!held) continue
    // A command that was repeated because its answer got lost has taken it for us.
    if (holderOf(held).deployId === holder.deployId) return held.id
    await insistOnDead(context, stack, held)
    await removeObjects(context.docker, [held.id])
  }
}

/** Returns when the holder has shown no sign of life for too long, or has given the lock back. */
async function insistOnDead({ docker, progress, signal }: Context, stack: string, lock: StateObject) {
  const { actor, verb, deployId } = holderOf(lock)
  const words = `${verb} ${deployId}${actor ? ` of ${actor}` : ""}`
  progress(`locked by ${words}: seeing for up to ${expirySeconds} s whether it is at work`)
  const deadline = performance.now() + expirySeconds * 1000
  while (performance.now() < deadline && !signal.aborted) {
    await sleep(1000)
    const now = await readObject(docker, lock.id)
    if (!now) return
    if (now.version !== lock.version) throw locked(stack, words)
  }
  if (signal.aborted) throw locked(stack, words)
  progress(`${words} shows no sign of life: taking the lock over`)
}

/** @returns false when the lock is no longer ours */
async function renew({ docker }: Context, id: string): Promise<boolean> {
  const lock = await readObject(docker, id)
  if (!lock) return false
  await label(docker, lock, { [beatLabel]: String(Number(lock.labels[beatLabel] ?? 0) + 1) })
  return true
}

function locked(stack: string, words: string): DeployError {
  return new DeployError("DEPLOY_LOCKED", `${stack} is being changed right now`, {
    why: `${words} holds the lock and is at work`,
    todo: "wait until it is done (`status` shows it), then try again",
    outcome: "locked",
  })
}
