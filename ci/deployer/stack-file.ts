import { readFile } from "node:fs/promises"
import type { NamedImage } from "./cli.ts"
import { labels } from "./environments.ts"
import { DeployError } from "./errors.ts"

/** What the stack file can use. docker/docker-compose.prod.yml shows each of them. */
export interface Release {
  readonly images: readonly NamedImage[]
  /** The digest that the application calls its own: the backend's. */
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
    ...Object.fromEntries(release.images.map(({ name, reference }) => [variableOf(name), reference])),
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

function variableOf(image: string): string {
  return `${image.toUpperCase().replaceAll("-", "_")}_IMAGE`
}

/** A stack without these could neither be followed nor stopped afterwards. */
const neededLabels = [labels.env, labels.deployId, labels.deployedAt]

/**
 * Reads the stack file and makes sure that it can be deployed with these images.
 *
 * @returns its text, in the form that every version of Docker's command line takes
 */
export async function readStackFile(path: string, images: readonly NamedImage[]): Promise<string> {
  const text = await readFile(path, "utf8").catch(cause => {
    throw new DeployError("DEPLOY_STACK_FILE", `cannot read the stack file ${path}`, {
      why: (cause as Error).message,
      todo: "give --stack the path of docker/docker-compose.prod.yml or of your own stack file",
      cause,
    })
  })
  const missing = missingParts(text, images)
  if (missing.length === 0) return withVersion(text)
  throw new DeployError("DEPLOY_STACK_FILE", `the stack file lacks ${missing.join(", ")}`, {
    why: "the deployer recognises its services by these labels, and puts the images in by these variables",
    todo: "take them over from docker/docker-compose.prod.yml, under deploy.labels of each service",
  })
}

export function missingParts(text: string, images: readonly NamedImage[]): string[] {
  const variables = images.map(({ name }) => variableOf(name)).filter(name => !text.includes(`\${${name}`))
  const missingLabels = neededLabels.filter(label => !text.includes(label))
  return [...missingLabels, ...variables.map(name => `\${${name}}`)]
}

/** Docker's command line up to 20.10 refuses a stack file without a version; `docker compose` warns of one with it. */
export function withVersion(text: string): string {
  return /^version:/m.test(text) ? text : `version: "3.9"\n${text}`
}
