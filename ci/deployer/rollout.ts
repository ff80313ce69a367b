import { setTimeout as sleep } from "node:timers/promises"
import type { Context } from "./context.ts"
import { assess, consistsOf, type Expectation, type Verdict } from "./convergence.ts"
import type { Snapshot } from "./docker/model.ts"
import { explain, type Failure, interrupted, lastLogLines, overtaken, timedOut } from "./failure.ts"
import { observe } from "./observe.ts"
import type { Limits } from "./plan.ts"
import { Prober, type Probes } from "./probe.ts"
import { RoomWatch } from "./room.ts"
import { lockLost } from "./state/lock.ts"

const pollMilliseconds = 700
/** How long Swarm may fail to place a task before that counts. */
const stuckSeconds = 8

export interface Ending {
  readonly now: Snapshot
  /** Since Swarm took the stack, until all tasks of the new release served; undefined when they never did. */
  readonly switchSeconds: number | undefined
  readonly probes: Probes
  readonly failure?: Failure | undefined
}

/** What is known before the rollout begins. */
type Expected = Pick<Expectation, "deployId" | "before"> & {
  /** Tasks, by id, that have been watched for as long as it takes. */
  readonly watched: ReadonlySet<string>
}

/** Follows a rollout to its end: the state then, and why it failed if it did. */
export async function follow(
  context: Context,
  stack: string,
  expected: Expected,
  limits: Limits,
): Promise<Ending> {
  const rollout = new Rollout(context, stack, expected, limits)
  for (;;) {
    const end = await rollout.step()
    if (end) return rollout.ending(end.failure)
    await sleep(pollMilliseconds)
  }
}

/** Undefined failure: it ended well. */
interface End {
  readonly failure?: Failure | undefined
}

class Rollout {
  private readonly context: Context
  private readonly stack: string
  private readonly expected: Expected
  private readonly limits: Limits
  private readonly elapsed = stopwatch()
  private readonly prober: Prober
  private readonly room: RoomWatch
  private now: Snapshot
  /** When Swarm last could place all tasks. */
  private placed = 0
  /** When all tasks of the new release first served. */
  private switched: number | undefined

  constructor(context: Context, stack: string, expected: Expected, limits: Limits) {
    this.context = context
    this.stack = stack
    this.expected = expected
    this.limits = limits
    this.prober = new Prober(context)
    this.room = new RoomWatch(context, stack)
    this.now = expected.before
  }

  ending(failure: Failure | undefined): Ending {
    const switchSeconds = this.switched === undefined ? undefined : Math.round(this.switched * 10) / 10
    return { now: this.now, switchSeconds, probes: this.prober.probes, failure }
  }

  /** Looks once. Returns undefined as long as there is something to wait for. */
  async step(): Promise<End | undefined> {
    const seen = await lookAt(this.context, this.stack)
    this.now = seen ?? this.now
    const verdict = seen ? assess(seen, { ...this.expected, elapsedSeconds: this.elapsed() }) : noAnswer
    if (verdict.kind !== "stuck") this.placed = this.elapsed()
    if (hasFailed(verdict, this.elapsed() - this.placed))
      return { failure: await evidence(this.context, this.now, verdict) }
    const full = seen && (await this.room.failure(seen))
    if (full) return { failure: full }
    if (serves(verdict)) this.switched ??= this.elapsed()
    if (seen) await this.prober.probe(seen)
    return this.judge(verdict)
  }

  private judge(verdict: Verdict): End | undefined {
    const { switched, limits, context } = this
    const unanswered = switched === undefined ? undefined : this.prober.failure()
    if (unanswered) return { failure: unanswered }
    const baked = switched !== undefined && this.elapsed() - switched >= this.watchSeconds()
    if (verdict.kind === "converged" && baked) return {}
    const over = outOfTime(verdict, this.elapsed(), limits, context.signal)
    if (over) return { failure: over }
    context.progress(verdict.kind === "converged" ? "all serve, watched for a while" : describe(verdict))
    return undefined
  }

  private watchSeconds(): number {
    const { bakeSeconds, unchangedBakeSeconds } = this.limits
    const isUnchanged = consistsOf(this.now, this.expected.watched) && !this.prober.isFailing
    return isUnchanged ? unchangedBakeSeconds : bakeSeconds
  }
}

function serves(verdict: Verdict): boolean {
  return verdict.kind === "converged" || (verdict.kind === "waiting" && verdict.serving)
}

type Failing = Extract<Verdict, { task: unknown }>

function hasFailed(verdict: Verdict, secondsStuck: number): verdict is Failing {
  return verdict.kind === "failed" || (verdict.kind === "stuck" && secondsStuck > stuckSeconds)
}

function outOfTime(
  verdict: Verdict,
  seconds: number,
  { timeoutSeconds }: Limits,
  signal: AbortSignal,
): Failure | undefined {
  if (signal.aborted) return signal.reason === lockLost ? overtaken : interrupted
  if (verdict.kind === "converged") return undefined
  return seconds > timeoutSeconds ? timedOut(timeoutSeconds, describe(verdict)) : undefined
}

const noAnswer: Verdict = { kind: "waiting", detail: "Docker does not answer, trying on", serving: false }

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
