/**
 * Lockstep tests, builds and deploys a web application: the same on a laptop, without internet and in GitHub Actions.
 */
import {
  argument,
  check,
  type Directory,
  func,
  type GitRef,
  type GitRepository,
  object,
  type Service,
  type Socket,
} from "@dagger.io/dagger"
import { lintApp, testApp, typeCheckApp } from "./app-tests.js"
import { type Build, buildBackend } from "./build.js"
import { Deployment } from "./deployment.js"
import { buildSummary } from "./lib/differences.js"
import { deployableEnvironment, environmentTable, knownEnvironment } from "./lib/environments.js"
import { checkPolicy } from "./policy.js"
import { verify } from "./verification.js"
import { changesSince } from "./working-tree.js"

@object()
export class Lockstep {
  private source: Directory
  private docker?: Socket
  private registry?: Service
  private registryAddress: string
  private project: string

  /**
   * @param source The repository; files that no function reads are left out
   * @param docker Socket of the Docker that runs the deployments, such as unix:///var/run/docker.sock
   * @param registry The image registry as this machine reaches it, such as tcp://localhost:5000
   * @param registryAddress The same registry as the deployments' Docker knows it
   * @param project First part of the names of what is deployed: clones with different projects don't meet
   */
  constructor(
    @argument({
      defaultPath: "/",
      ignore: [
        "*",
        "!app",
        "!docker",
        "!docs",
        "docs/*",
        "!docs/deployment",
        "!.env.example",
        "!test",
        "test/*",
        "!test/app",
        "!package.json",
        "!package-lock.json",
        "!.npmrc",
        "!.gitignore",
        "!*.json",
        "!*.ts",
      ],
    })
    source: Directory,
    docker?: Socket,
    registry?: Service,
    registryAddress: string = "localhost:5000",
    project: string = "lockstep",
  ) {
    this.source = source
    this.docker = docker
    this.registry = registry
    this.registryAddress = registryAddress
    this.project = project
  }

  /**
   * Type-check, lint and test the application; prints a summary and fails when one of the three does
   */
  @func()
  async test(): Promise<string> {
    const summaries = await Promise.all([
      typeCheckApp(this.source),
      lintApp(this.source),
      testApp(this.source),
    ])
    return summaries.join("\n")
  }

  /**
   * Check the application's types
   */
  @func()
  @check()
  async typeCheck(): Promise<void> {
    await typeCheckApp(this.source)
  }

  /**
   * Check the application's format and lint rules
   */
  @func()
  @check()
  async lint(): Promise<void> {
    await lintApp(this.source)
  }

  /**
   * Run the application's unit and property tests
   */
  @func()
  @check()
  async unitTest(): Promise<void> {
    await testApp(this.source)
  }

  /**
   * Check the stack file, the Dockerfiles and the built image against the rules for what is deployed
   *
   * @param commit The commit that is built, written into the image; HEAD unless given
   * @param format How to print the result: text, or json for programs
   */
  @func()
  @check()
  async policy(@argument({ defaultPath: "/" }) commit: GitRef, format: string = "text"): Promise<string> {
    return await checkPolicy(this.source, await this.image(commit), format)
  }

  /**
   * Build the backend's production image and print its digest; equal sources on an equal base give an equal digest
   *
   * @param commit The commit that is built, written into the image; HEAD unless given
   */
  @func()
  async build(@argument({ defaultPath: "/" }) commit: GitRef): Promise<string> {
    return buildSummary(await this.image(commit))
  }

  /**
   * The same build as an object: its digest, commit and whether it is dirty, and the image as an OCI layout to export
   *
   * @param commit The commit that is built, written into the image; HEAD unless given
   */
  @func()
  async image(@argument({ defaultPath: "/" }) commit: GitRef): Promise<Build> {
    const changes = await changesSince(commit, this.source)
    return await buildBackend(this.source, await commit.commit(), changes)
  }

  /**
   * Build the commit of an image in the registry once more, from the history alone; fails unless the digest is the same
   *
   * @param ref The image, as the deployments' Docker knows it: REGISTRY/NAME@sha256:…
   * @param history Where the commit is looked up; this clone's history unless given
   */
  @func({ cache: "never" })
  async verifyImage(ref: string, @argument({ defaultPath: "/" }) history: GitRepository): Promise<string> {
    const { registry, registryAddress } = this
    return await verify(ref, { registry, registryAddress }, history)
  }

  /**
   * Build, push by digest, run in Docker Swarm and wait until healthy; prints the address and the digest
   *
   * @param env Where to: staging
   * @param commit The commit that is built, written into the image; HEAD unless given
   * @param port The host's port; the environment's own unless given
   * @param timeout Seconds to wait until the new version is healthy; long enough for its health check unless given
   * @param format How to print the result: text, or json for programs
   */
  @func({ cache: "never" })
  async deploy(
    env: string,
    @argument({ defaultPath: "/" }) commit: GitRef,
    port?: number,
    timeout?: number,
    format: string = "text",
  ): Promise<string> {
    const deployment = this.deployment(deployableEnvironment(env))
    const built = await this.image(commit)
    return await deployment.deploy(built, this.source.file("docker/docker-compose.prod.yml"), {
      port,
      timeout,
      format,
    })
  }

  /**
   * List the environments that can be deployed to, with their ports
   */
  @func()
  environments(): string {
    return environmentTable()
  }

  /**
   * Show what an environment runs: services, replicas, health, digest and address
   *
   * @param env staging or prod
   * @param format How to print the result: text, or json for programs
   */
  @func({ cache: "never" })
  async status(env: string, format: string = "text"): Promise<string> {
    return await this.deployment(env).status(format)
  }

  /**
   * Stop an environment and wait until its port is free
   *
   * @param env staging or prod
   * @param format How to print the result: text, or json for programs
   */
  @func({ cache: "never" })
  async stop(env: string, format: string = "text"): Promise<string> {
    return await this.deployment(env).stop(format)
  }

  private deployment(env: string): Deployment {
    return new Deployment({
      env: knownEnvironment(env),
      project: this.project,
      docker: this.docker,
      registry: this.registry,
      registryAddress: this.registryAddress,
    })
  }
}
