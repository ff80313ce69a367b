import { setTimeout as sleep } from "node:timers/promises"
import type { Context } from "./context.ts"
import { assess, type Expectation, type Verdict } from "./convergence.ts"
import type { Snapshot } from "./docker/model.ts"
import { explain, type Failure, interrupted, lastLogLines, timedOut } from "./failure.ts"
import { observe } from "./observe.ts"

const pollMilliseconds = 700
/** How long Swarm may fail to place a task before that counts. */
const stuckSeconds = 8

export interface Ending {
  readonly now: Snapshot
  readonly failure?: Failure
}

interface Limits {
  readonly timeoutSeconds: number
  readonly signal: AbortSignal
}

/** Follows a rollout to its end: the state then, and why it failed if it did. */
export async function follow(
  context: Context,
  stack: string,
  expected: Pick<Expectation, "deployId" | "before">,
  timeoutSeconds: number,
): Promise<Ending> {
  const elapsed = stopwatch()
  let placed = elapsed()
  for (;;) {
    const now = await lookAt(context, stack)
    const verdict = now ? assess(now, { ...expected, elapsedSeconds: elapsed() }) : noAnswer
    if (now && verdict.kind === "converged") return { now }
    if (verdict.kind !== "stuck") placed = elapsed()
    if (now && hasFailed(verdict, elapsed() - placed))
      return { now, failure: await evidence(context, now, verdict) }
    const over = outOfTime(verdict, elapsed(), { timeoutSeconds, signal: context.signal })
    if (over) return { now: now ?? expected.before, failure: over }
    context.progress(describe(verdict))
    await sleep(pollMilliseconds)
  }
}

type Failing = Extract<Verdict, { task: unknown }>

function hasFailed(verdict: Verdict, secondsStuck: number): verdict is Failing {
  return verdict.kind === "failed" || (verdict.kind === "stuck" && secondsStuck > stuckSeconds)
}

function outOfTime(
  verdict: Verdict,
  seconds: number,
  { timeoutSeconds, signal }: Limits,
): Failure | undefined {
  if (signal.aborted) return interrupted
  return seconds > timeoutSeconds ? timedOut(timeoutSeconds, describe(verdict)) : undefined
}

const noAnswer: Verdict = { kind: "waiting", detail: "Docker does not answer, trying on" }

/** A daemon that is away for a moment is no reason to give up a rollout that goes on without us. */
async function lookAt(context: Context, stack: string): Promise<Snapshot | undefined> {
  return observe(context.docker, stack).catch(() => undefined)
}

function stopwatch(): () => number {
  const start = performance.now()
  return () => (performance.now() - start) / 1000
}

function describe(verdict: Verdict): string {
  if (verdict.kind === "waiting") return verdict.detail
  return verdict.kind === "stuck" ? `${verdict.service.name}: ${verdict.detail}` : verdict.kind
}

/** Reads what the failing task left behind, while it is still there. */
async function evidence({ docker }: Context, now: Snapshot, { service, task }: Failing): Promise<Failure> {
  const container = now.containers.find(candidate => candidate.id === task?.containerId)
  return explain(service, task, container, await lastLogLines(docker, task))
}
