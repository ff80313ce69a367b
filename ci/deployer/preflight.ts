import { tmpdir } from "node:os"
import { join } from "node:path"
import type { DeployRequest } from "./cli.ts"
import type { Context } from "./context.ts"
import { isUpdating } from "./convergence.ts"
import * as commands from "./docker/commands.ts"
import { type Docker, must } from "./docker/exec.ts"
import type { HealthTiming, Service, Snapshot } from "./docker/model.ts"
import { jsonLines, parseSwarm } from "./docker/parse.ts"
import { requireDeployable, type Target } from "./environments.ts"
import { DeployError } from "./errors.ts"
import { type FetchedImage, fetchImage } from "./image.ts"
import { defaultTimeoutSeconds, monitorSeconds } from "./monitor.ts"
import { observe, readServices } from "./observe.ts"
import { insistOnOurs } from "./ownership.ts"
import { writeSecrets } from "./secrets.ts"
import { readStackFile } from "./stack-file.ts"

/** In the deployer's container this is memory, see ci/src/deployment.ts. */
const secretsDir = join(tmpdir(), "lockstep-secrets")

export interface Prepared {
  readonly clientVersion: string
  readonly before: Snapshot
  /** The stack file's text. */
  readonly stackFile: string
  /** The variables by which the stack file finds its secrets. */
  readonly secrets: Readonly<Record<string, string>>
  readonly images: readonly FetchedImage[]
  readonly monitorSeconds: number
  readonly timeoutSeconds: number
}

/** Everything that can say no before anything changes; the cheap questions first. */
export async function preflight(context: Context, request: DeployRequest, target: Target): Promise<Prepared> {
  const { docker, progress } = context
  requireDeployable(request.environment)
  const clientVersion = await reachDocker(docker)
  await insistOnManager(docker)
  const stackFile = await readStackFile(request.stackFile, request.images)
  const secrets = await writeSecrets(target.stack, stackFile, request.secretsFile, secretsDir)
  const before = await observe(docker, target.stack)
  insistOnOurs(before.services, target)
  insistOnQuiet(before.services, target)
  await insistOnFreePort(docker, request.port, target)
  const images: FetchedImage[] = []
  for (const image of request.images) {
    progress(`image ${image.name} ${image.digest}`)
    images.push(await fetchImage(docker, image))
  }
  const health = slowest(images)
  const timeoutSeconds = timeoutFor(request, health)
  return {
    clientVersion,
    before,
    stackFile,
    secrets,
    images,
    monitorSeconds: monitorSeconds(health),
    timeoutSeconds,
  }
}

/** The health check that needs the longest to find a sick container: all services are watched for as long. */
function slowest(images: readonly FetchedImage[]): HealthTiming {
  const [first, ...others] = images.map(({ health }) => health)
  if (!first) throw new Error("no image")
  return others.reduce((one, two) => (monitorSeconds(two) > monitorSeconds(one) ? two : one), first)
}

/** Returns the version of the client. */
export async function reachDocker(docker: Docker): Promise<string> {
  const result = await docker(commands.version())
  const answer = jsonLines(result.stdout)[0]
  if (result.code === 0 && answer?.at("Server", "Version").text) return answer.at("Client", "Version").text
  throw new DeployError("DEPLOY_DOCKER_UNREACHABLE", "Docker does not answer", {
    why: result.stderr.trim() || "docker version named no server",
    todo: "check that dockerd runs, and that the socket (or DOCKER_HOST) is the right one and may be opened",
  })
}

export async function insistOnManager(docker: Docker): Promise<void> {
  const swarm = parseSwarm(jsonLines(await must(docker, commands.info()))[0] ?? missingInfo())
  if (swarm.active && swarm.manager) return
  if (swarm.active) {
    throw new DeployError("DEPLOY_NOT_MANAGER", "this Docker is a worker of its swarm", {
      why: "only a manager can change services",
      todo: "deploy to a manager (`docker node ls` there lists them)",
    })
  }
  throw new DeployError("DEPLOY_NO_SWARM", `Docker's swarm mode is ${swarm.state}`, {
    why: swarm.error || "releases run as services of a swarm; one node is enough",
    todo: "run `npm run kit` on the target, or `docker swarm init --advertise-addr 127.0.0.1`",
  })
}

function missingInfo(): never {
  throw new Error("docker info printed no JSON")
}

function insistOnQuiet(services: readonly Service[], { stack }: Target): void {
  const busy = services.find(isUpdating)
  if (!busy) return
  throw new DeployError("DEPLOY_LOCKED", `${stack} is being changed right now`, {
    why: `${busy.name}: ${busy.updateMessage || busy.updateState}`,
    todo: "wait until `status` no longer says so, then try again",
    outcome: "locked",
  })
}

/**
 * What Docker itself has on the port. Another process of the host cannot be seen from here, as the deployer
 * runs in a container: that one shows as the error of the first task.
 */
async function insistOnFreePort(docker: Docker, port: number, { stack }: Target): Promise<void> {
  const containers = jsonLines(await must(docker, commands.containersPublishing(port)))
    .filter(json => !json.at("Labels").text.split(",").includes(`com.docker.stack.namespace=${stack}`))
    .map(json => `container ${json.at("Names").text}`)
  const services = (await readServices(docker))
    .filter(service => service.ports.includes(port) && service.labels["com.docker.stack.namespace"] !== stack)
    .map(service => `service ${service.name}`)
  const holder = services[0] ?? containers[0]
  if (!holder) return
  throw new DeployError("DEPLOY_PORT_TAKEN", `port ${port} is taken`, {
    why: `${holder} holds it`,
    todo: "stop it, or give another --port",
  })
}

function timeoutFor({ timeoutSeconds, replicas }: DeployRequest, health: HealthTiming): number {
  const window = monitorSeconds(health)
  if (timeoutSeconds === undefined) return defaultTimeoutSeconds(health, replicas)
  if (timeoutSeconds > window) return timeoutSeconds
  throw new DeployError("DEPLOY_TIMEOUT_TOO_SHORT", `${timeoutSeconds} s are too short for this image`, {
    why: `its health check may need ${window - 5} s to find a sick container, and is watched for ${window} s`,
    todo: `give a --timeout well above ${window}, or leave it out`,
  })
}
