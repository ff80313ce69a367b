import { serviceUrl } from "./address.ts"
import * as commands from "./docker/commands.ts"
import type { Snapshot } from "./docker/model.ts"
import { DeployError, type Explanation, type Outcome, toDeployError } from "./errors.ts"
import { type Extent, extentOf } from "./evidence/envelope.ts"
import { type Failure, stackRejected } from "./failure.ts"
import { secureUrl } from "./https.ts"
import type { FetchedImage } from "./image.ts"
import { persist } from "./persist.ts"
import { isoSeconds, type Plan } from "./plan.ts"
import { prune } from "./prune.ts"
import { type Recovery, wayBack } from "./recovery.ts"
import { type Ending, follow } from "./rollout.ts"
import { type Change, watchedTasks } from "./session.ts"
import { lockLost } from "./state/lock.ts"
import { type Ended, type Release, recordEnd, recordRelease } from "./state/releases.ts"
import { wrongImages } from "./verification.ts"

export interface Deployed {
  readonly outcome: "done"
  readonly environment: string
  readonly stack: string
  readonly url: string
  /** Of the release, in the history. */
  readonly number: number
  readonly kind: Release["kind"]
  readonly restores: number | undefined
  /** The digest that the application calls its own: the backend's. */
  readonly digest: string
  readonly images: Release["images"]
  readonly deployId: string
  readonly deployedAt: string
  readonly seconds: number
  /** Until all tasks of the new release served; the rest is watching. */
  readonly switchSeconds: number
  readonly probes: Ending["probes"]
  /** Of the images' checks. */
  readonly evidence: Extent
}

/** The error of a release that had begun. */
export class ReleaseFailed extends DeployError {
  readonly release: Release

  constructor(release: Release, code: string, message: string, explanation: Explanation) {
    super(code, message, explanation)
    this.release = release
  }
}

/** Gives the release to Swarm, watches it, undoes it when it is bad, and writes down how it ended. */
export async function carryOut(current: Change, plan: Plan): Promise<Deployed> {
  const { context, target } = current
  const { release } = plan
  const started = performance.now()
  const seconds = () => Math.round((performance.now() - started) / 100) / 10
  await recordRelease(context.docker, target.stack, release)
  context.progress(
    `release ${release.number}: ${release.kind} ${release.deployId} to ${target.stack}, port ${release.port}`,
  )
  const ending = await rollOut(current, plan)
  const { failure, switchSeconds, probes } = ending
  const ended = { switchSeconds, probes }
  if (failure) {
    const detectSeconds = seconds()
    const error = await undo(current, plan, failure)
    const { code, message } = error
    await end(current, release, {
      ...ended,
      ...outcomeOf(error),
      detectSeconds,
      seconds: seconds(),
      code,
      message,
    })
    throw error
  }
  await end(current, release, { ...ended, outcome: "deployed", seconds: seconds() })
  return {
    outcome: "done",
    environment: target.environment.name,
    stack: target.stack,
    url: secureUrl(release) ?? serviceUrl(context.host, release.port),
    number: release.number,
    kind: release.kind,
    restores: release.restores,
    digest: release.digest,
    images: release.images,
    deployId: release.deployId,
    deployedAt: release.time,
    seconds: seconds(),
    switchSeconds: switchSeconds ?? seconds(),
    probes,
    evidence: extentOf(release.evidence),
  }
}

/** Neither the history nor the pruning can make a failure of a release that runs. */
async function end(
  { context, target }: Change,
  release: Release,
  ended: Omit<Ended, "endedAt">,
): Promise<void> {
  try {
    const endedAt = isoSeconds(new Date())
    await recordEnd(context.docker, target.stack, release.number, { ...ended, endedAt })
    await prune(context.docker, target.stack)
  } catch (error) {
    context.progress(`the history is not complete: ${toDeployError(error).message}`)
  }
}

function outcomeOf({ outcome }: DeployError): Pick<Ended, "outcome"> {
  return { outcome: outcome as Ended["outcome"] }
}

async function rollOut(current: Change, plan: Plan): Promise<Ending> {
  const attempt = (before: Snapshot) => attemptOnce({ ...current, before }, plan)
  return persist(current, attempt, failure => goBack(current, plan, failure))
}

/** Gives the stack to Swarm and follows it. */
async function attemptOnce(current: Change, plan: Plan): Promise<Ending> {
  const { context, target, clientVersion, before } = current
  const { release, folders, limits } = plan
  const run = { DEPLOY_ID: release.deployId, DEPLOY_TIME: release.time, ...folders }
  const result = await context.docker(commands.stackDeploy(target.stack, clientVersion), {
    timeoutSeconds: 120,
    variables: { ...release.variables, ...run },
    input: release.stackFile,
  })
  const nothing = { now: before, switchSeconds: undefined, probes: { sent: 0, failed: 0 } }
  if (result.code !== 0) return { ...nothing, failure: stackRejected(result.stderr) }
  const expected = { deployId: release.deployId, before, watched: watchedTasks(current) }
  const ending = await follow(context, target.stack, expected, limits)
  return { ...ending, failure: ending.failure ?? compareImages(ending.now, plan.images) }
}

/** What counts is what runs, not what was asked for. */
function compareImages(now: Snapshot, images: readonly FetchedImage[]): Failure | undefined {
  const wrong = wrongImages(now, images)
  if (wrong.length === 0) return undefined
  return {
    code: "DEPLOY_WRONG_IMAGE",
    message: "what runs is not what was deployed",
    why: wrong.join("; "),
    todo: "check that the stack file uses each image's variable (BACKEND_IMAGE), and who else changes this stack",
    evidence: [],
  }
}

async function undo(current: Change, plan: Plan, failure: Failure): Promise<DeployError> {
  const { context } = current
  context.progress(`failed: ${failure.message}`)
  const { code, message, why, todo, evidence } = failure
  const failed = (words: string, outcome: Outcome) => {
    return new ReleaseFailed(plan.release, code, words, { why, todo, evidence, outcome })
  }
  // Whoever took the lock decides what runs now.
  if (context.signal.reason === lockLost) return failed(message, "locked")
  const { outcome, words } = await goBack(current, plan, failure)
  return failed(`${message}; ${words}`, outcome)
}

async function goBack({ context, target, before }: Change, plan: Plan, { code }: Failure): Promise<Recovery> {
  const { release, limits } = plan
  const back = wayBack(code)(context, target.stack, release.deployId, before, limits.timeoutSeconds)
  return back.catch(cannotUndo)
}

function cannotUndo(thrown: unknown): Recovery {
  const { message, why } = toDeployError(thrown)
  return { outcome: "rollback-failed", words: `it could not be undone: ${message} (${why})` }
}
