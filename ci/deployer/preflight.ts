import * as commands from "./docker/commands.ts"
import { type Docker, must } from "./docker/exec.ts"
import { jsonLines, parseSwarm } from "./docker/parse.ts"
import type { Target } from "./environments.ts"
import { DeployError } from "./errors.ts"
import { readServices } from "./observe.ts"

interface Versions {
  readonly client: string
  readonly server: string
}

/** Returns the version of the client. */
export async function reachDocker(docker: Docker): Promise<string> {
  return (await dockerVersions(docker)).client
}

/** @throws DeployError DEPLOY_DOCKER_UNREACHABLE, DEPLOY_DOCKER_OLD */
export async function dockerVersions(docker: Docker): Promise<Versions> {
  const result = await docker(commands.version())
  const answer = jsonLines(result.stdout)[0]
  const server = answer?.at("Server", "Version").text
  if (result.code !== 0 || !answer || !server) {
    throw new DeployError("DEPLOY_DOCKER_UNREACHABLE", "Docker does not answer", {
      why: result.stderr.trim() || "docker version named no server",
      todo: "check that dockerd runs, and that the socket (or DOCKER_HOST) is the right one and may be opened",
    })
  }
  if (isOld(server)) {
    throw new DeployError("DEPLOY_DOCKER_OLD", `Docker ${server} is too old`, {
      why: "the deployer is made for 20.10 and newer",
      todo: "install a newer Docker on the target",
    })
  }
  return { client: answer.at("Client", "Version").text, server }
}

/** A version that is no number, such as one of a build of one's own, is not. */
export function isOld(version: string): boolean {
  const [major = Number.NaN, minor = 0] = version.split(".").map(Number)
  return major < 20 || (major === 20 && minor < 10)
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

/**
 * What Docker itself has on the port. Another process of the host cannot be seen from here, as the deployer
 * runs in a container: that one shows as the error of the first task.
 */
export async function insistOnFreePorts(docker: Docker, ports: readonly number[], target: Target) {
  for (const port of ports) await insistOnFreePort(docker, port, target)
}

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
