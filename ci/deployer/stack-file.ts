import { readFile } from "node:fs/promises"
import { type Environment, labels } from "./environments.ts"
import { DeployError } from "./errors.ts"
import { type Https, httpsVariables } from "./https.ts"
import type { NamedImage } from "./named-image.ts"

/** What the stack file can use, beside secrets and configs. docker/docker-compose.prod.yml shows each of them. */
export interface StackSettings {
  readonly images: readonly NamedImage[]
  /** The digest that the application calls its own: the backend's. */
  readonly digest: string
  readonly environment: Environment
  readonly port: number
  readonly replicas: number
  readonly monitorSeconds: number
  /** Undefined: plain HTTP, on the port alone. */
  readonly https: Https | undefined
}

/** The variables that make a release; DEPLOY_ID and DEPLOY_TIME are those of one run. */
export function stackVariables(settings: StackSettings): Record<string, string> {
  return {
    ...Object.fromEntries(settings.images.map(({ name, reference }) => [variableOf(name), reference])),
    APP_ENV: settings.environment.appEnv,
    APP_DIGEST: settings.digest,
    DEPLOY_ENV: settings.environment.name,
    DEPLOY_PORT: String(settings.port),
    DEPLOY_REPLICAS: String(settings.replicas),
    DEPLOY_MONITOR: `${settings.monitorSeconds}s`,
    ...httpsVariables(settings.https),
  }
}

function variableOf(image: string): string {
  return `${image.toUpperCase().replaceAll("-", "_")}_IMAGE`
}

/**
 * A stack without these labels could neither be followed nor stopped afterwards; with a shorter window, Swarm would call
 * a sick task a success.
 */
const needed = [labels.env, labels.deployId, labels.deployedAt, "${DEPLOY_MONITOR"]

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
    why: "the deployer recognises its services by these labels, and puts images and Swarm's monitor window in by these variables",
    todo: "take them over from docker/docker-compose.prod.yml, under deploy.labels of each service",
  })
}

export function missingParts(text: string, images: readonly NamedImage[]): string[] {
  const variables = images.map(({ name }) => variableOf(name)).filter(name => !text.includes(`\${${name}`))
  const missing = needed.filter(part => !text.includes(part))
  return [...missing, ...variables.map(name => `\${${name}}`)]
}

/** Docker's command line up to 20.10 refuses a stack file without a version; `docker compose` warns of one with it. */
export function withVersion(text: string): string {
  return /^version:/m.test(text) ? text : `version: "3.9"\n${text}`
}
