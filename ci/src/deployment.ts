import { type Container, dag, type File, type Secret, type Socket } from "@dagger.io/dagger"
import type { Build } from "./build.js"
import {
  type DeployOptions,
  deployArguments,
  formatArguments,
  secretsPath,
  webhookPath,
} from "./lib/deploy-arguments.js"
import type { DockerAccess } from "./lib/docker-access.js"
import { deployerError } from "./lib/failure.js"
import { always, explaining, tools } from "./tools.js"

/** Where to deploy and with what. */
export interface Target {
  env: string
  project: string
  docker: DockerAccess<Socket, Secret>
}

export interface DeploySecrets {
  /** Of the stack. */
  secrets: Secret | undefined
  /** The address of what is told how it ended. */
  webhook: Secret | undefined
}

/** The calls that reach the outside: each runs the deployer in a container that reaches the target's Docker. */
export class Deployment {
  private readonly target: Target

  constructor(target: Target) {
    this.target = target
  }

  /** Publishes the images and runs them. */
  async deploy(
    build: Build,
    stack: File,
    { secrets, webhook }: DeploySecrets,
    options: Omit<DeployOptions, keyof DeploySecrets>,
  ): Promise<string> {
    const references = await build.publish()
    let container = tools().withMountedFile("/stack.yml", stack)
    if (secrets) container = container.withMountedSecret(secretsPath, secrets)
    if (webhook) container = container.withMountedSecret(webhookPath, webhook)
    const mounted = { secrets: secrets !== undefined, webhook: webhook !== undefined }
    return await this.run(container, deployArguments(this.target.env, references, { ...options, ...mounted }))
  }

  async status(format: string): Promise<string> {
    return await this.run(tools(), ["status", "--env", this.target.env, ...formatArguments(format)])
  }

  async stop(format: string): Promise<string> {
    return await this.run(tools(), ["stop", "--env", this.target.env, ...formatArguments(format)])
  }

  private async run(container: Container, args: string[]): Promise<string> {
    const ran = always(withDocker(container, this.target.docker))
      .withMountedDirectory("/deployer", dag.currentModule().source().directory("deployer"))
      .withEnvVariable("LOCKSTEP_PROJECT", this.target.project)
      .withExec(["node", "/deployer/main.ts", ...args])
    return await explaining(
      () => ran.stdout(),
      error => deployerError(error.stderr),
    )
  }
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
