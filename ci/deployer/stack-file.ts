import { readFile } from "node:fs/promises"
import { labels } from "./environments.ts"
import { DeployError } from "./errors.ts"

/** What the stack file can use. docker/docker-compose.prod.yml shows each of them. */
export interface Release {
  readonly image: string
  readonly digest: string
  readonly envName: string
  readonly appEnv: string
  readonly port: number
  readonly replicas: number
  readonly deployId: string
  readonly time: string
  readonly monitorSeconds: number
}

export function stackVariables(release: Release): Record<string, string> {
  return {
    BACKEND_IMAGE: release.image,
    APP_ENV: release.appEnv,
    APP_DIGEST: release.digest,
    DEPLOY_ENV: release.envName,
    DEPLOY_PORT: String(release.port),
    DEPLOY_REPLICAS: String(release.replicas),
    DEPLOY_ID: release.deployId,
    DEPLOY_TIME: release.time,
    DEPLOY_MONITOR: `${release.monitorSeconds}s`,
  }
}

/** A stack without these could neither be followed nor stopped afterwards. */
const needed = [labels.env, labels.deployId, labels.deployedAt, "${BACKEND_IMAGE"]

export async function checkStackFile(path: string): Promise<void> {
  const text = await readFile(path, "utf8").catch(cause => {
    throw new DeployError("DEPLOY_STACK_FILE", `cannot read the stack file ${path}`, {
      why: (cause as Error).message,
      todo: "give --stack the path of docker/docker-compose.prod.yml or of your own stack file",
      cause,
    })
  })
  const missing = missingParts(text)
  if (missing.length === 0) return
  throw new DeployError("DEPLOY_STACK_FILE", `the stack file lacks ${missing.join(", ")}`, {
    why: "the deployer recognises its services by these labels, and puts the image in by this variable",
    todo: "take them over from docker/docker-compose.prod.yml, under deploy.labels of each service",
  })
}

export function missingParts(text: string): string[] {
  return needed.filter(part => !text.includes(part)).map(part => (part.startsWith("$") ? `${part}}` : part))
}
