/**
 * Lockstep tests, builds and deploys a web application: the same on a laptop, without internet and in GitHub Actions.
 */
import {
  argument,
  check,
  type Directory,
  type File,
  func,
  type GitRef,
  type GitRepository,
  object,
  type Secret,
  type Service,
  type Socket,
} from "@dagger.io/dagger"
import { lintApp, testApp, typeCheckApp } from "./app-tests.js"
import { baseDeviations, renewedLock } from "./bases.js"
import { Build, buildImage } from "./build.js"
import { Deployment } from "./deployment.js"
import { buildSummary } from "./lib/differences.js"
import { dockerAccess } from "./lib/docker-access.js"
import { deployableEnvironment, environmentTable, knownEnvironment } from "./lib/environments.js"
import { knownRuntime } from "./lib/images.js"
import { checkPolicy } from "./policy.js"
import type { Registry } from "./registry.js"
import { verify } from "./verification.js"
import { changesSince } from "./working-tree.js"

@object()
export class Lockstep {
  private source: Directory
  private docker?: Socket
  private dockerHost: string
  private sshKey?: Secret
  private knownHosts?: Secret
  private registry?: Service
  private registryAddress: string
  private project: string
  private backendRuntime: string

  /**
   * @param source The repository; files that no function reads are left out
   * @param docker Socket of the Docker that runs the deployments, such as unix:///var/run/docker.sock
   * @param dockerHost Instead of a socket: the host whose Docker runs the deployments, as ssh://USER@HOST or ssh://USER@HOST:PORT
   * @param sshKey Private key for that host, without passphrase: file://PATH, or env://VARIABLE
   * @param knownHosts Lines of known_hosts with the key of that host, which is never trusted unless it stands there
   * @param registry The image registry as this machine reaches it, such as tcp://localhost:5000
   * @param registryAddress The same registry as the deployments' Docker knows it
   * @param project First part of the names of what is deployed: clones with different projects don't meet
   * @param backendRuntime What the backend's image stands on: slim (Debian with a shell), or minimal (glibc and Node)
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
    backendRuntime: string = "slim",
    dockerHost: string = "",
    sshKey?: Secret,
    knownHosts?: Secret,
  ) {
    this.source = source
    this.docker = docker
    this.dockerHost = dockerHost
    this.sshKey = sshKey
    this.knownHosts = knownHosts
    this.registry = registry
    this.registryAddress = registryAddress
    this.project = project
    this.backendRuntime = backendRuntime
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
   * Check the stack file, the Dockerfiles and the built images against the rules for what is deployed
   *
   * @param commit The commit that is built, written into the image; HEAD unless given
   * @param format How to print the result: text, or json for programs
   */
  @func()
  @check()
  async policy(@argument({ defaultPath: "/" }) commit: GitRef, format: string = "text"): Promise<string> {
    return await checkPolicy(this.source, await this.images(commit), format)
  }

  /**
   * Build all images and print their digests; equal sources on equal base images give equal digests
   *
   * @param commit The commit that is built, written into the images; HEAD unless given
   */
  @func()
  async build(@argument({ defaultPath: "/" }) commit: GitRef): Promise<string> {
    const [build, bases] = await Promise.all([this.images(commit), baseDeviations(this.source)])
    const { backend, frontend, edge, changes } = build
    return buildSummary({ images: [backend, frontend, edge], commit: build.commit, changes, bases })
  }

  /**
   * The same build as an object: each image's digest and OCI layout, all layouts to export, and publish
   *
   * @param commit The commit that is built, written into the images; HEAD unless given
   */
  @func()
  async images(@argument({ defaultPath: "/" }) commit: GitRef): Promise<Build> {
    const runtime = knownRuntime(this.backendRuntime)
    const changes = await changesSince(commit, this.source)
    const sources = { source: this.source, commit: await commit.commit(), changes, runtime }
    const [backend, frontend, edge] = await Promise.all([
      buildImage("backend", sources),
      buildImage("frontend", sources),
      buildImage("edge", sources),
    ])
    return new Build(backend, frontend, edge, sources.commit, changes, this.registryAddress, this.registry)
  }

  /**
   * The lock of the base images, docker/images.lock.json, with the digests that this engine gets; export it to renew it
   */
  @func({ cache: "never" })
  async lockImages(): Promise<File> {
    return await renewedLock(this.source)
  }

  /**
   * Build the commit of an image in the registry once more, from the history alone; fails unless the digest is the same
   *
   * @param ref The image, as the deployments' Docker knows it: REGISTRY/NAME@sha256:…
   * @param history Where the commit is looked up; this clone's history unless given
   */
  @func({ cache: "never" })
  async verifyImage(ref: string, @argument({ defaultPath: "/" }) history: GitRepository): Promise<string> {
    return await verify(ref, this.usedRegistry(), history)
  }

  /**
   * Build, push by digest, run in Docker Swarm and wait until healthy; prints the address and the digests
   *
   * @param env Where to: staging
   * @param commit The commit that is built, written into the image; HEAD unless given
   * @param secrets Values of the stack's secrets, a line NAME=value for each: file://PATH, or env://VARIABLE
   * @param replicas Tasks of the backend; one unless given
   * @param port The host's port; the environment's own unless given
   * @param timeout Seconds to wait until the new version is healthy; long enough for its health check unless given
   * @param format How to print the result: text, or json for programs
   * @param webhook Address that is told how it ended, in the form that Slack takes: env://VARIABLE, or file://PATH
   */
  @func({ cache: "never" })
  async deploy(
    env: string,
    @argument({ defaultPath: "/" }) commit: GitRef,
    secrets?: Secret,
    replicas?: number,
    port?: number,
    timeout?: number,
    format: string = "text",
    webhook?: Secret,
  ): Promise<string> {
    const deployment = this.deployment(deployableEnvironment(env))
    const built = await this.images(commit)
    const stack = this.source.file("docker/docker-compose.prod.yml")
    return await deployment.deploy(built, stack, { secrets, webhook }, { replicas, port, timeout, format })
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
      docker: dockerAccess({
        socket: this.docker,
        host: this.dockerHost,
        sshKey: this.sshKey,
        knownHosts: this.knownHosts,
      }),
    })
  }

  private usedRegistry(): Registry {
    return { registry: this.registry, registryAddress: this.registryAddress }
  }
}
