import { confirmed } from "./approval/confirm.ts"
import type { Proposal } from "./approval/proposal.ts"
import type { RollbackRequest, StartRequest } from "./cli.ts"
import type { Context } from "./context.ts"
import { DeployError } from "./errors.ts"
import { portsOf } from "./https.ts"
import { fetchImages } from "./image.ts"
import { recallMaterial } from "./material.ts"
import { limitsFor, materialDir, type Plan, type WantedLimits } from "./plan.ts"
import { insistOnFreePorts } from "./preflight.ts"
import { carryOut, type Deployed } from "./release.ts"
import { type Change, change, openSession } from "./session.ts"
import type { Recorded } from "./state/releases.ts"

/** Brings a recorded release back, with the configuration and the secrets that it had. */
export async function rollback(context: Context, request: RollbackRequest): Promise<Deployed | Proposal> {
  const session = await openSession(context, request.environment)
  return change(session, "rollback", async current => {
    const plan = await planToRestore(current, "rollback", chooseRelease(current, request.to), request)
    return confirmed(current, plan, request.confirm)
  })
}

/** Runs the latest release once more, after a stop. */
export async function start(context: Context, request: StartRequest): Promise<Deployed> {
  const session = await openSession(context, request.environment)
  return change(session, "start", async current => {
    if (current.before.services.length > 0) throw runsAlready(current)
    const latest = current.releases.filter(isGood).at(-1)
    if (!latest) throw noRelease("none has been deployed here")
    return carryOut(current, await planToRestore(current, "start", latest, request))
  })
}

async function planToRestore(
  current: Change,
  kind: "rollback" | "start",
  chosen: Recorded,
  wanted: WantedLimits,
): Promise<Plan> {
  const { context, target, deployId, time, running, releases } = current
  context.progress(`release ${chosen.number} of ${chosen.time}, ${chosen.digest}`)
  await insistOnFreePorts(context.docker, portsOf(chosen), target)
  const material = await recallMaterial(context.docker, target.stack, chosen, materialDir)
  const images = await fetchImages(context, chosen.images)
  const { ended: _, object: __, ...recorded } = chosen
  const release = {
    ...recorded,
    number: (releases.at(-1)?.number ?? 0) + 1,
    ...{ kind, deployId, time, actor: context.actor, from: running?.number ?? 0 },
    restores: originOf(chosen, releases),
  }
  const limits = limitsFor(images, release.replicas, wanted)
  return { release, images, folders: material.folders, limits }
}

/**
 * The release to go back to. Without a name, the last good one before that which runs: one that was itself brought
 * back counts as the one that it restored, so that a second rollback goes further back.
 */
export function chooseRelease(
  { releases, running }: Pick<Change, "releases" | "running">,
  to: string | undefined,
): Recorded {
  if (to !== undefined) {
    const chosen = named(to, releases)
    if (chosen) return chosen
    throw noRelease(`there is no release ${to}`)
  }
  const upTo = running ? originOf(running, releases) : Number.POSITIVE_INFINITY
  const earlier = releases.filter(release => {
    return release.number < upTo && isGood(release) && !(running && sameContent(release, running))
  })
  const last = earlier.at(-1)
  if (last) return last
  throw noRelease("no earlier release has been deployed here")
}

/** By its number, even a failed one; by its digest, the last good one that has it. */
function named(to: string, releases: readonly Recorded[]): Recorded | undefined {
  return to.startsWith("sha256:")
    ? releases.findLast(release => release.digest.startsWith(to) && isGood(release))
    : releases.find(({ number }) => number === Number(to))
}

function originOf(release: Recorded, releases: readonly Recorded[]): number {
  const origin = releases.find(({ number }) => number === release.restores)
  return origin ? originOf(origin, releases) : release.number
}

function isGood({ ended }: Recorded): boolean {
  return ended?.outcome === "deployed"
}

function sameContent(one: Recorded, two: Recorded): boolean {
  const digests = ({ images }: Recorded) => images.map(({ name, digest }) => `${name} ${digest}`).sort()
  return one.configuration === two.configuration && digests(one).join() === digests(two).join()
}

function noRelease(why: string): DeployError {
  return new DeployError("DEPLOY_NO_RELEASE", "there is nothing to go back to", {
    why,
    todo: "`history` lists the releases; name one with --to, or deploy",
  })
}

function runsAlready({ target }: Change): DeployError {
  return new DeployError("DEPLOY_RUNS_ALREADY", `${target.stack} runs already`, {
    why: "start is for an environment that was stopped",
    todo: "use `restart` for new containers, or `rollback` for another release",
  })
}
