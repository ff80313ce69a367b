import {
  type Container,
  type Directory,
  dag,
  type Secret,
  type Service,
  type Socket,
} from "@dagger.io/dagger"
import { paths } from "./lib/deploy-arguments.js"
import type { DockerAccess } from "./lib/docker-access.js"
import { deployerError } from "./lib/failure.js"
import { node } from "./node.js"
import { always, explaining, tools } from "./tools.js"

const port = 5000

/** With the deployer, and with access to the target's Docker. */
export function deployer(container: Container, docker: DockerAccess<Socket, Secret>): Container {
  return withDocker(container, docker).withMountedDirectory("/deployer", program())
}

/** What answers at an address in the eyes of the Docker host, such as its registry on its loopback. */
export function tunnelTo(address: string, docker: DockerAccess<Socket, Secret>): Service {
  return deployer(tools(), docker)
    .withExposedPort(port)
    .asService({ args: ["node", "/deployer/tunnel.ts", String(port), address] })
}

/** Tells a webhook, its address in a secret, a sentence. */
export async function tell(webhook: Secret, text: string): Promise<void> {
  const told = always(node())
    .withMountedDirectory("/deployer", program())
    .withMountedSecret(paths.webhook, webhook)
    .withExec(["node", "/deployer/tell.ts", paths.webhook, text])
  await explaining(
    () => told.sync(),
    error => deployerError(error.stderr),
  )
}

function program(): Directory {
  return dag.currentModule().source().directory("deployer")
}

/** What is secret ends in memory: the mounted secrets, and what the deployer writes to /tmp. */
function withDocker(container: Container, docker: DockerAccess<Socket, Secret>): Container {
  const inMemory = container.withMountedTemp("/tmp")
  if (docker.kind === "socket") return inMemory.withUnixSocket("/var/run/docker.sock", docker.socket)
  return inMemory
    .withEnvVariable("DOCKER_HOST", docker.url)
    .withMountedSecret("/run/secrets/ssh-key", docker.sshKey, { mode: 0o600 })
    .withMountedSecret("/run/secrets/known-hosts", docker.knownHosts, { mode: 0o600 })
    .withEnvVariable("LOCKSTEP_SSH_KEY", "/run/secrets/ssh-key")
    .withEnvVariable("LOCKSTEP_KNOWN_HOSTS", "/run/secrets/known-hosts")
}
