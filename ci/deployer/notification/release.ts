import type { Proposal } from "../approval/proposal.ts"
import type { ReleaseRequest } from "../cli.ts"
import type { Context } from "../context.ts"
import { toDeployError } from "../errors.ts"
import { notify } from "../notify.ts"
import { type Deployed, ReleaseFailed } from "../release.ts"
import { type DeployEvent, notification } from "./event.ts"
import { webhookFrom } from "./webhook.ts"

/**
 * Makes a release, and tells the webhook of the request, if it has one, how that ended.
 *
 * @throws DeployError of the release, or DEPLOY_WEBHOOK_UNUSABLE before it begins
 */
export async function notifying<R extends Deployed | Proposal>(
  context: Context,
  request: ReleaseRequest,
  release: () => Promise<R>,
): Promise<R> {
  if (request.webhookFile === undefined) return await release()
  const webhook = await webhookFrom(request.webhookFile)
  const start = performance.now()
  const tell = (ending: Omit<DeployEvent, "environment" | "actor" | "seconds">) => {
    const seconds = Math.round((performance.now() - start) / 100) / 10
    const event = { environment: request.environment.name, actor: context.actor, seconds, ...ending }
    return notify(webhook, notification(event), { warn: context.progress })
  }
  try {
    const result = await release()
    // A plan that was only shown is no news.
    if (result.outcome === "done")
      await tell({ ...subject(result), outcome: result.outcome, url: result.url })
    return result
  } catch (thrown) {
    const error = toDeployError(thrown)
    const about = error instanceof ReleaseFailed ? subject(error.release) : wanted(request)
    await tell({ ...about, outcome: error.outcome, error })
    throw thrown
  }
}

type Subject = Pick<DeployEvent, "kind" | "release" | "digests">

function subject({ kind, number, images }: Pick<Deployed, "kind" | "number" | "images">): Subject {
  return { kind, release: number, digests: digestsOf(images) }
}

/** What it was to be, of a release that did not begin. */
function wanted(request: ReleaseRequest): Subject {
  if (request.verb !== "deploy") return { kind: request.verb, digests: {} }
  const kind = request.promotionFile === undefined ? "deploy" : "promotion"
  return { kind, digests: digestsOf(request.images) }
}

function digestsOf(images: Deployed["images"]): Readonly<Record<string, string>> {
  return Object.fromEntries(images.map(({ name, digest }) => [name, digest]))
}
