import type { Confirm } from "../cli.ts"
import { DeployError } from "../errors.ts"
import type { Plan } from "../plan.ts"
import { carryOut, type Deployed } from "../release.ts"
import type { Change } from "../session.ts"
import { type Proposal, propose } from "./proposal.ts"
import { proposalText } from "./report.ts"

/**
 * Carries the plan out when it may be: at once, or only when it is the one that was shown.
 *
 * @returns what would be done, where that was asked for
 * @throws DeployError DEPLOY_PLAN_CHANGED with the plan as it is now
 */
export async function confirmed(current: Change, plan: Plan, confirm: Confirm): Promise<Deployed | Proposal> {
  if (confirm === undefined) return carryOut(current, plan)
  const proposal = await propose(current, plan)
  if (confirm === "show") return proposal
  if (confirm === proposal.hash) return carryOut(current, plan)
  throw new DeployError("DEPLOY_PLAN_CHANGED", `the plan is not the one with the hash ${confirm}`, {
    why: "what would be released, or what runs now, has changed since it was shown",
    todo: `look at the plan above; if it is right, confirm it: --confirm=${proposal.hash}`,
    evidence: proposalText(proposal).split("\n"),
    details: { plan: proposal },
  })
}
