import type { Snapshot } from "./docker/model.ts"
import type { Failure } from "./failure.ts"
import { observe } from "./observe.ts"
import type { Recovery } from "./recovery.ts"
import type { Ending } from "./rollout.ts"
import type { Change } from "./session.ts"

const attempts = 3

/**
 * Tries again, from where it began, what failed by a fault of Docker that passes. Swarm does not: it takes the task for
 * one of a bad release, and goes back.
 *
 * @param attempt gets what runs before it
 * @param goBack undoes an attempt
 */
export async function persist(
  { context, target, before }: Change,
  attempt: (before: Snapshot) => Promise<Ending>,
  goBack: (failure: Failure) => Promise<Recovery>,
): Promise<Ending> {
  let ending = await attempt(before)
  for (let left = attempts - 1; left > 0 && ending.failure?.passes && !context.signal.aborted; left--) {
    context.progress(`${ending.failure.message}: going back to try again`)
    const { outcome } = await goBack(ending.failure)
    // Meanwhile somebody else may have taken the lock: what runs is theirs to decide.
    if (outcome === "rollback-failed" || context.signal.aborted) break
    ending = await attempt(await observe(context.docker, target.stack))
  }
  return ending
}
