import { type Container, dag, type File, type Secret, type Socket } from "@dagger.io/dagger"
import type { Build } from "./build.js"
import { type DeployOptions, deployArguments, formatArguments, secretsPath } from "./lib/deploy-arguments.js"
import { deployerError } from "./lib/failure.js"
import { always, explaining, given, tools } from "./tools.js"

/** Where to deploy and with what. */
export interface Target {
  env: string
  project: string
  docker: Socket | undefined
}

/** The calls that reach the outside: each runs the deployer in a container that holds the target's Docker socket. */
export class Deployment {
  private readonly target: Target

  constructor(target: Target) {
    this.target = target
  }

  /** Publishes the images and runs them. */
  async deploy(
    build: Build,
    stack: File,
    secrets: Secret | undefined,
    options: Omit<DeployOptions, "secrets">,
  ): Promise<string> {
    const references = await build.publish()
    const container = tools().withMountedFile("/stack.yml", stack).withMountedTemp("/tmp")
    return await this.run(
      secrets ? container.withMountedSecret(secretsPath, secrets) : container,
      deployArguments(this.target.env, references, { ...options, secrets: secrets !== undefined }),
    )
  }

  async status(format: string): Promise<string> {
    return await this.run(tools(), ["status", "--env", this.target.env, ...formatArguments(format)])
  }

  async stop(format: string): Promise<string> {
    return await this.run(tools(), ["stop", "--env", this.target.env, ...formatArguments(format)])
  }

  private async run(container: Container, args: string[]): Promise<string> {
    const docker = given(this.target.docker, "docker", "unix:///var/run/docker.sock")
    const ran = always(container)
      .withMountedDirectory("/deployer", dag.currentModule().source().directory("deployer"))
      .withUnixSocket("/var/run/docker.sock", docker)
      .withEnvVariable("LOCKSTEP_PROJECT", this.target.project)
      .withExec(["node", "/deployer/main.ts", ...args])
    return await explaining(
      () => ran.stdout(),
      error => deployerError(error.stderr),
    )
  }
}
