import type { DeployRequest } from "../cli.ts"
import type { Context } from "../context.ts"
import type { Deployed } from "../deploy.ts"
import { toDeployError } from "../errors.ts"
import { notify } from "../notify.ts"
import type { DeployEvent } from "./event.ts"
import { webhookFrom } from "./webhook.ts"

/**
 * Deploys, and tells the webhook of the request, if it has one, how that ended.
 *
 * @throws DeployError of the deployment, or DEPLOY_WEBHOOK_UNUSABLE before it begins
 */
export async function notifying(
  context: Context,
  request: DeployRequest,
  deploy: () => Promise<Deployed>,
): Promise<Deployed> {
  if (request.webhookFile === undefined) return await deploy()
  const webhook = await webhookFrom(request.webhookFile)
  const start = performance.now()
  const tell = (ending: Pick<DeployEvent, "outcome" | "url" | "error">) => {
    const seconds = Math.round((performance.now() - start) / 100) / 10
    return notify(webhook, { ...subjectOf(request), seconds, ...ending }, { warn: context.progress })
  }
  try {
    const deployed = await deploy()
    await tell({ outcome: deployed.outcome, url: deployed.url })
    return deployed
  } catch (thrown) {
    const error = toDeployError(thrown)
    await tell({ outcome: error.outcome, error })
    throw thrown
  }
}

function subjectOf({
  environment,
  images,
}: DeployRequest): Pick<DeployEvent, "environment" | "kind" | "digests"> {
  const digests = Object.fromEntries(images.map(({ name, digest }) => [name, digest]))
  return { environment: environment.name, kind: "deploy", digests }
}
