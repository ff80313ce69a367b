import type { ReleaseRequest } from "../cli.ts"
import type { Context } from "../context.ts"
import { toDeployError } from "../errors.ts"
import { notify } from "../notify.ts"
import { type Deployed, ReleaseFailed } from "../release.ts"
import type { DeployEvent } from "./event.ts"
import { webhookFrom } from "./webhook.ts"

/**
 * Makes a release, and tells the webhook of the request, if it has one, how that ended.
 *
 * @throws DeployError of the release, or DEPLOY_WEBHOOK_UNUSABLE before it begins
 */
export async function notifying(
  context: Context,
  request: ReleaseRequest,
  release: () => Promise<Deployed>,
): Promise<Deployed> {
  if (request.webhookFile === undefined) return await release()
  const webhook = await webhookFrom(request.webhookFile)
  const start = performance.now()
  const tell = (ending: Omit<DeployEvent, "environment" | "actor" | "seconds">) => {
    const seconds = Math.round((performance.now() - start) / 100) / 10
    const event = { environment: request.environment.name, actor: context.actor, seconds, ...ending }
    return notify(webhook, event, { warn: context.progress })
  }
  try {
    const deployed = await release()
    await tell({ ...subject(deployed), outcome: deployed.outcome, url: deployed.url })
    return deployed
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
