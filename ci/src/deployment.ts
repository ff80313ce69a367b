import { type Container, dag, ExecError, type File, type Service, type Socket } from "@dagger.io/dagger"
import type { Build } from "./build.js"
import { type DeployOptions, deployArguments, formatArguments, repository } from "./lib/deploy-arguments.js"
import { deployerError, errorText, missingSocket, pushError } from "./lib/failure.js"
import { node } from "./node.js"

/** Where to deploy and with what. */
export interface Target {
  env: string
  project: string
  docker: Socket | undefined
  registry: Service | undefined
  registryAddress: string
}

/** The calls that reach the outside: each runs the deployer in a container that holds the target's Docker socket. */
export class Deployment {
  private readonly target: Target

  constructor(target: Target) {
    this.target = target
  }

  async deploy(build: Build, stack: File, options: DeployOptions): Promise<string> {
    const image = `${this.target.registryAddress}/${repository}@${build.digest}`
    await this.push(build)
    return await this.run(
      tools().withMountedFile("/stack.yml", stack),
      deployArguments(this.target.env, image, options),
    )
  }

  async status(format: string): Promise<string> {
    return await this.run(tools(), ["status", "--env", this.target.env, ...formatArguments(format)])
  }

  async stop(format: string): Promise<string> {
    return await this.run(tools(), ["stop", "--env", this.target.env, ...formatArguments(format)])
  }

  /** skopeo copies the manifest as it is; Docker and the engine would write another one, with another digest. */
  private async push(build: Build): Promise<void> {
    const tag = build.digest.replace("sha256:", "").slice(0, 12)
    const registry = given(this.target.registry, "registry", "tcp://localhost:5000")
    const copy = ["skopeo", "copy", "--quiet", "--preserve-digests", "--dest-tls-verify=false"]
    const pushed = always(tools())
      .withServiceBinding("registry", registry)
      .withMountedDirectory("/layout", build.layout)
      .withExec([...copy, "oci:/layout", `docker://registry:5000/${repository}:${tag}`])
    await explaining(
      () => pushed.sync(),
      error => pushError(error.stderr),
    )
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

/**
 * Gives a failed exec the message that people need, and keeps its exit code for programs.
 *
 * @param explain the message, or undefined to leave the error as it is
 */
export async function explaining<T>(
  work: () => Promise<T>,
  explain: (error: ExecError) => string | undefined,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ExecError)) throw error
    const socket = missingSocket(error.message)
    // Nothing ran: the exit code in this error is that of an earlier step, which went well.
    if (socket) throw new Error(socket, { cause: error })
    error.message = explain(error) ?? error.message
    // The engine would print them below the message, where the same stands once more.
    Object.assign(error.extensions ?? {}, { stdout: "", stderr: "" })
    throw error
  }
}

/** Node with the Docker CLI and skopeo, from the release's own packages. */
export function tools(): Container {
  return node()
    .withExec(["apt-get", "update", "-qq"])
    .withExec(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "docker.io", "skopeo"])
}

/** What is run after this is run each time: no two values are the same, so no layer of the cache fits. */
export function always(container: Container): Container {
  return container.withEnvVariable("LOCKSTEP_CALL", `${Date.now()}-${Math.random()}`)
}

export function given<T>(value: T | undefined, name: string, example: string): T {
  if (value !== undefined) return value
  const setting = name.toUpperCase()
  throw new Error(
    errorText(
      "DEPLOY_NOT_CONFIGURED",
      `no ${name} is given`,
      `neither --${name} nor ${setting} in .env says where it is`,
      `put ${setting}=${example} into .env, or add --${name}=${example}`,
    ),
  )
}
