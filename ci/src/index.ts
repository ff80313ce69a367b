/**
 * Lockstep tests, builds and deploys a web application: the same on a laptop, without internet and in GitHub Actions.
 */
import {
  argument,
  type Changeset,
  type Container,
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
import { checkApp, lintApp, testApp, typeCheckApp } from "./app-tests.js"
import { baseDeviations, renewedLock } from "./bases.js"
import { Build } from "./build.js"
import { tell, tunnelTo } from "./deployer.js"
import { Deployment, type Extras, type Judgement } from "./deployment.js"
import { attachEvidence, compareEvidence, gatherEvidence, verifyEvidence } from "./evidence.js"
import { buildable, buildImage, imagesOf } from "./image-build.js"
import { initApp } from "./init-app.js"
import { flags, formatArguments, type ReleaseOptions, withNote } from "./lib/deploy-arguments.js"
import { buildSummary, revisionOf } from "./lib/differences.js"
import { type DockerAccess, dockerAccess } from "./lib/docker-access.js"
import { environmentTable, knownEnvironment, needsPromotion } from "./lib/environments.js"
import { knownRuntime } from "./lib/images.js"
import { checkPolicy } from "./policy.js"
import type { Registry } from "./registry.js"
import { type Scanned, type ScanOptions, scan, usualLimits, verdictOf } from "./scan.js"
import { allPrograms } from "./scan-tools.js"
import { verify } from "./verification.js"
import { fetchDatabase, readable } from "./vulnerability-db.js"
import { changesSince } from "./working-tree.js"

type Given = Pick<Extras, "secrets" | "config">

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
  private actor: string
  private stagingSecrets?: Secret
  private prodSecrets?: Secret
  private stagingDomain: string
  private prodDomain: string
  private acmeCa: string
  private signingKey?: Secret
  private verificationKey?: Secret
  private webhook?: Secret
  private vulnerabilityDb?: Directory

  /**
   * @param source The repository; files that no function reads are left out
   * @param docker Socket of the Docker that runs the deployments, such as unix:///var/run/docker.sock
   * @param dockerHost Instead of a socket: the host whose Docker runs the deployments, as ssh://USER@HOST or ssh://USER@HOST:PORT
   * @param sshKey Private key for that host, without passphrase: file://PATH, or env://VARIABLE
   * @param knownHosts Lines of known_hosts with the key of that host, which is never trusted unless it stands there
   * @param registry The image registry as this machine reaches it, such as tcp://localhost:5000; with a host, through it unless given
   * @param registryAddress The same registry as the deployments' Docker knows it
   * @param project First part of the names of what is deployed: clones with different projects don't meet
   * @param backendRuntime What the backend's image stands on: slim (Debian with a shell), or minimal (glibc and Node)
   * @param actor Who deploys, for the history
   * @param stagingSecrets Staging's secrets, where deploy names none
   * @param prodSecrets Production's secrets, where deploy names none
   * @param stagingDomain Staging's domain: the edge gets a certificate for it and answers with https on port 443; none unless given
   * @param prodDomain The same for production
   * @param acmeCa Directory of the ACME server that issues certificates; Let's Encrypt's unless given
   * @param signingKey Private Ed25519 key, as PEM: signs the evidence of what was tested, and production insists on it
   * @param verificationKey Its public part, for a machine that only promotes
   * @param vulnerabilityDb Advisories as OSV publishes them, ECOSYSTEM/all.zip for each; refresh-db fetches them
   * @param webhook Address that is told how a release ended, in the form that Slack takes: env://VARIABLE, or file://PATH
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
        "dagger.json",
        "!*.ts",
        "**/node_modules",
        "**/dist",
        "**/coverage",
        "app/.env",
        "app/.env.*",
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
    actor: string = "",
    stagingSecrets?: Secret,
    prodSecrets?: Secret,
    stagingDomain: string = "",
    prodDomain: string = "",
    acmeCa: string = "",
    signingKey?: Secret,
    verificationKey?: Secret,
    webhook?: Secret,
    vulnerabilityDb?: Directory,
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
    this.actor = actor
    this.stagingSecrets = stagingSecrets
    this.prodSecrets = prodSecrets
    this.stagingDomain = stagingDomain
    this.prodDomain = prodDomain
    this.acmeCa = acmeCa
    this.signingKey = signingKey
    this.verificationKey = verificationKey
    this.webhook = webhook
    this.vulnerabilityDb = vulnerabilityDb
  }

  /**
   * Type-check, lint and test the application; prints a summary and fails when one of the three does
   */
  @func()
  async test(): Promise<string> {
    return (await checkApp(this.source)).join("\n")
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
   * Put a Node service in place of the application in app/: shows what would change, and asks before it writes anything
   *
   * @param from The service's folder, with package.json and package-lock.json; what its .gitignore names is left out
   * @param commit The commit that must have the files which are replaced; HEAD unless given
   * @param tree The files of this repository that may change
   * @param readiness The path that answers 200 once the service may receive requests
   * @param secretNames Names of the service's secrets; it finds the value of each in the variable of that name
   */
  @func({ cache: "never" })
  async initApp(
    @argument({
      ignore: [
        "**/node_modules",
        "**/.git",
        "**/dist",
        "**/coverage",
        "**/.env",
        "**/.env.*",
        "!**/.env.example",
      ],
    })
    from: Directory,
    @argument({ defaultPath: "/" }) commit: GitRef,
    @argument({
      defaultPath: "/",
      ignore: [
        "*",
        "!app",
        "!docker",
        "!test",
        "!package.json",
        "!.env.example",
        "!vitest.config.ts",
        "!knip.json",
        "!biome.json",
        "**/node_modules",
      ],
    })
    tree: Directory,
    readiness: string = "/health/ready",
    secretNames: string[] = [],
  ): Promise<Changeset> {
    return await initApp({ from, commit, tree, readiness, secretNames })
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
   * Scan everything: npm and Debian packages, secrets, Dockerfiles, workflows, licences; only the verdict clean passes
   *
   * @param commit The commit whose history is searched for secrets; HEAD unless given
   * @param tree The working tree
   * @param failOn The mildest severity that fails it: critical, high, medium or low
   * @param maxDbAge Days after which the vulnerability database is too old
   * @param format How to print the verdict: text, or json for programs
   */
  @func({ cache: "never" })
  async securityScan(
    @argument({ defaultPath: "/" }) commit: GitRef,
    @argument({ defaultPath: "/", ignore: ["**/node_modules", "**/.git", "dist", ".env"] }) tree: Directory,
    failOn: string = "high",
    maxDbAge: number = 5,
    format: string = "text",
  ): Promise<string> {
    const build = await this.images(commit)
    return await verdictOf(await this.scanned({ commit, tree, build }, { failOn, maxDbAge, format }))
  }

  /**
   * The same scan's report: index.html for people, verdict.json, SARIF a tool, CycloneDX and SPDX an image, OpenVEX
   *
   * @param commit As for security-scan
   * @param tree As for security-scan
   * @param failOn As for security-scan
   * @param maxDbAge As for security-scan
   */
  @func({ cache: "never" })
  async securityReport(
    @argument({ defaultPath: "/" }) commit: GitRef,
    @argument({ defaultPath: "/", ignore: ["**/node_modules", "**/.git", "dist", ".env"] }) tree: Directory,
    failOn: string = "high",
    maxDbAge: number = 5,
  ): Promise<Directory> {
    const build = await this.images(commit)
    const scanned = await this.scanned({ commit, tree, build }, { failOn, maxDbAge, format: "text" })
    return scanned.directory("/out")
  }

  /**
   * The programs of the scan in their pinned versions, to run one by hand: osv-scanner, syft, gitleaks and others
   */
  @func()
  scanTools(): Directory {
    return allPrograms()
  }

  /**
   * The vulnerability database of today, to export into the folder that VULNERABILITYDB in .env names
   *
   * @param mirror A server with the same files, such as tcp://mirror.example:80; OSV's own unless given
   */
  @func({ cache: "never" })
  async refreshDb(mirror?: Service): Promise<Directory> {
    return await fetchDatabase(mirror)
  }

  /**
   * Build all images and print their digests; equal sources on equal base images give equal digests
   *
   * @param commit The commit that is built, written into the images; HEAD unless given
   */
  @func()
  async build(@argument({ defaultPath: "/" }) commit: GitRef): Promise<string> {
    const [build, bases] = await Promise.all([this.images(commit), baseDeviations(this.source)])
    return buildSummary({ images: build.images(), commit: build.commit, changes: build.changes, bases })
  }

  /**
   * The same build as an object: each image's digest and OCI layout, all layouts to export, and publish
   *
   * @param commit The commit that is built, written into the images; HEAD unless given
   */
  @func()
  async images(@argument({ defaultPath: "/" }) commit: GitRef): Promise<Build> {
    const runtime = knownRuntime(this.backendRuntime)
    const built = await imagesOf(this.source)
    const source = await buildable(this.source, built)
    const compared = Promise.all([commit.commit(), changesSince(commit, this.source)])
    const revision = compared.then(([hash, changes]) => revisionOf(hash, changes))
    const sources = { source, revision, runtime }
    const [backend, frontend, edge, [hash, changes]] = await Promise.all([
      buildImage("backend", sources),
      built.includes("frontend") ? buildImage("frontend", sources) : undefined,
      buildImage("edge", sources),
      compared,
    ])
    const { registryAddress, registry } = this.usedRegistry()
    return new Build(backend, frontend, edge, hash, changes, registryAddress, registry)
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
   * Judge an image in the registry by the evidence at it: signatures, digests, results, age; fails with the reasons
   *
   * @param ref The image, as the deployments' Docker knows it: REGISTRY/NAME@sha256:…
   * @param key Public key of the evidence, Ed25519 or cosign's, as file://PATH; the constructor's key unless given
   * @param maxAge Days for which a check counts; 7 unless given
   * @param format How to print the result: text, or json for programs
   */
  @func({ cache: "never" })
  async verify(ref: string, key?: Secret, maxAge?: number, format: string = "text"): Promise<string> {
    const used = key ?? this.verificationKey ?? this.signingKey
    return await verifyEvidence(ref, { key: used, maxAge, format }, this.usedRegistry())
  }

  /**
   * Deploy to staging: test, build, check, push by digest, run in Docker Swarm and watch. To prod: promote what staging runs
   *
   * @param env staging or prod
   * @param commit The commit that is built, written into the image; HEAD unless given
   * @param tree The working tree, for the scan
   * @param secrets Values of the stack's secrets, a line NAME=value for each: file://PATH, or env://VARIABLE
   * @param config Settings of the backend; the environment's own, app/config/NAME.env, unless given
   * @param replicas Tasks of the backend; one unless given
   * @param port The host's port; the environment's own unless given
   * @param timeout Seconds to wait until the new version is healthy; long enough for its health check unless given
   * @param bake Seconds to watch the new version once it serves; as long as its health check needs unless given, less if no task is new
   * @param digest The backend's digest that staging has to run, prod only; whatever it runs unless given
   * @param maxAge Days for which a check counts, prod only; 7 unless given
   * @param allowUnverified Promote even what was not tested, prod only; an emergency's, and recorded
   * @param allowUnscanned Deploy without a scan, staging only; recorded, and an objection to promoting it
   * @param confirm show: only the plan and its hash; that hash: only if the plan is still the same; at once unless given
   * @param format How to print the result: text, or json for programs
   */
  @func({ cache: "never" })
  async deploy(
    env: string,
    @argument({ defaultPath: "/" }) commit: GitRef,
    @argument({ defaultPath: "/", ignore: ["**/node_modules", "**/.git", "dist", ".env"] }) tree: Directory,
    secrets?: Secret,
    config?: File,
    replicas?: number,
    port?: number,
    timeout?: number,
    bake?: number,
    digest?: string,
    maxAge?: number,
    allowUnverified: boolean = false,
    allowUnscanned: boolean = false,
    confirm?: string,
    format: string = "text",
  ): Promise<string> {
    const options = { replicas, port, timeout, bake, confirm, format }
    return needsPromotion(knownEnvironment(env))
      ? await this.promote({ secrets, config }, { digest, maxAge, allowUnverified }, options)
      : await this.release({ commit, tree, allowUnscanned }, { secrets, config }, options)
  }

  /**
   * Test, build, check, push by digest and run in staging; the same as deploy --env staging
   *
   * @param commit The commit that is built, written into the image; HEAD unless given
   * @param tree The working tree, for the scan
   * @param secrets Values of the stack's secrets, a line NAME=value for each: file://PATH, or env://VARIABLE
   * @param config Settings of the backend; app/config/staging.env unless given
   * @param replicas Tasks of the backend; one unless given
   * @param port The host's port; 8080 unless given
   * @param timeout Seconds to wait until the new version is healthy; long enough for its health check unless given
   * @param bake Seconds to watch the new version once it serves; as long as its health check needs unless given, less if no task is new
   * @param allowUnscanned Deploy without a scan; recorded, and an objection to promoting it
   * @param confirm show: only the plan and its hash; that hash: only if the plan is still the same; at once unless given
   * @param format How to print the result: text, or json for programs
   */
  @func({ cache: "never" })
  async staging(
    @argument({ defaultPath: "/" }) commit: GitRef,
    @argument({ defaultPath: "/", ignore: ["**/node_modules", "**/.git", "dist", ".env"] }) tree: Directory,
    secrets?: Secret,
    config?: File,
    replicas?: number,
    port?: number,
    timeout?: number,
    bake?: number,
    allowUnscanned: boolean = false,
    confirm?: string,
    format: string = "text",
  ): Promise<string> {
    const options = { replicas, port, timeout, bake, confirm, format }
    return await this.release({ commit, tree, allowUnscanned }, { secrets, config }, options)
  }

  /**
   * Run in production what staging runs, after a look at the evidence of its checks; the same as deploy --env prod
   *
   * @param secrets Values of the stack's secrets, a line NAME=value for each: file://PATH, or env://VARIABLE
   * @param config Settings of the backend; app/config/production.env unless given
   * @param replicas Tasks of the backend; one unless given
   * @param port The host's port; 80 unless given
   * @param timeout Seconds to wait until the new version is healthy; long enough for its health check unless given
   * @param bake Seconds to watch the new version once it serves; as long as its health check needs unless given, less if no task is new
   * @param digest The backend's digest that staging has to run, as deploy printed it; whatever it runs unless given
   * @param maxAge Days for which a check counts; 7 unless given
   * @param allowUnverified Promote even what was not tested; an emergency's, and recorded
   * @param confirm show: only the plan and its hash; that hash: only if the plan is still the same; at once unless given
   * @param format How to print the result: text, or json for programs
   */
  @func({ cache: "never" })
  async production(
    secrets?: Secret,
    config?: File,
    replicas?: number,
    port?: number,
    timeout?: number,
    bake?: number,
    digest?: string,
    maxAge?: number,
    allowUnverified: boolean = false,
    confirm?: string,
    format: string = "text",
  ): Promise<string> {
    const options = { replicas, port, timeout, bake, confirm, format }
    return await this.promote({ secrets, config }, { digest, maxAge, allowUnverified }, options)
  }

  /**
   * Bring back the release before the present one, or any that history lists, with its configuration and secrets
   *
   * @param env staging or prod
   * @param to Number of the release, or its digest; the good one before the present one unless given
   * @param timeout Seconds to wait until it is healthy; long enough for its health check unless given
   * @param bake Seconds to watch it once it serves; as long as its health check needs unless given
   * @param confirm show: only the plan and its hash; that hash: only if the plan is still the same; at once unless given
   * @param format How to print the result: text, or json for programs
   */
  @func({ cache: "never" })
  async rollback(
    env: string,
    to?: string,
    timeout?: number,
    bake?: number,
    confirm?: string,
    format: string = "text",
  ): Promise<string> {
    const args = [...flags({ to, timeout, bake, confirm }), ...formatArguments(format)]
    return await this.deployment(env).bringBack("rollback", args)
  }

  /**
   * Run an environment's latest release again after a stop
   *
   * @param env staging or prod
   * @param format How to print the result: text, or json for programs
   */
  @func({ cache: "never" })
  async start(env: string, format: string = "text"): Promise<string> {
    return await this.deployment(env).bringBack("start", formatArguments(format))
  }

  /**
   * Replace the containers of an environment by new ones of the same release; there is no gap, but when the edge is replaced
   *
   * @param env staging or prod
   * @param service backend, frontend or edge; all unless given
   * @param format How to print the result: text, or json for programs
   */
  @func({ cache: "never" })
  async restart(env: string, service?: string, format: string = "text"): Promise<string> {
    return await this.deployment(env).verb("restart", [...flags({ service }), ...formatArguments(format)])
  }

  /**
   * List an environment's releases, newest first: when, what, how it ended, who; the one that runs has a star
   *
   * @param env staging or prod
   * @param limit How many; 20 unless given
   * @param format How to print the result: text, or json for programs
   */
  @func({ cache: "never" })
  async history(env: string, limit?: number, format: string = "text"): Promise<string> {
    return await this.deployment(env).verb("history", [...flags({ limit }), ...formatArguments(format)])
  }

  /**
   * Print what an environment's containers wrote, of all services in the order of time, each line with its service's name
   *
   * @param env staging or prod
   * @param service backend, frontend or edge; all unless given
   * @param since How far back: 90s, 10m, 2h, 3d, or a time such as 2026-11-24T17:30, in UTC unless it names a zone
   * @param tail So many last lines of each container; 100 unless this or since is given
   * @param follow Go on until Ctrl-C; the lines then stand in the progress: add --progress=plain
   * @param format How to print the lines: text, or json for one object a line
   */
  @func({ cache: "never" })
  async logs(
    env: string,
    service?: string,
    since?: string,
    tail?: number,
    follow: boolean = false,
    format: string = "text",
  ): Promise<string> {
    const args = [...flags({ service, since, tail, follow }), ...formatArguments(format)]
    return await this.deployment(env).verb("logs", args)
  }

  /**
   * Look at all that a release to an environment needs, and say how to mend what is missing; fails when something is
   *
   * @param env staging or prod
   * @param secrets As for deploy
   * @param config As for deploy
   * @param port As for deploy
   * @param maxAge As for deploy
   * @param format How to print the result: text, or json for programs
   */
  @func({ cache: "never" })
  async preflight(
    env: string,
    secrets?: Secret,
    config?: File,
    port?: number,
    maxAge?: number,
    format: string = "text",
  ): Promise<string> {
    const own = needsPromotion(knownEnvironment(env)) ? this.prodSecrets : this.stagingSecrets
    const extras = { secrets: secrets ?? own, config, source: this.source }
    const { signingKey, verificationKey, registryAddress: registry } = this
    const database = this.vulnerabilityDb !== undefined
    const args = [...flags({ registry, port, maxAge, database }), ...formatArguments(format)]
    return await this.deployment(env).preflight({ signingKey, verificationKey }, extras, args)
  }

  /**
   * Remove all that a stopped environment has left: history, secrets, settings, networks, and images that nothing uses
   *
   * @param env staging or prod
   * @param format How to print the result: text, or json for programs
   */
  @func({ cache: "never" })
  async clean(env: string, format: string = "text"): Promise<string> {
    return await this.deployment(env).verb("clean", formatArguments(format))
  }

  /**
   * Tell the webhook something, such as that a build failed; how a release ended it is told anyway
   *
   * @param text What to tell
   */
  @func({ cache: "never" })
  async notify(text: string): Promise<string> {
    if (!this.webhook) return "nobody was notified: no webhook is given"
    await tell(this.webhook, text)
    return "notified"
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
    return await this.deployment(env).verb("status", formatArguments(format))
  }

  /**
   * Stop an environment and wait until its port is free
   *
   * @param env staging or prod
   * @param format How to print the result: text, or json for programs
   */
  @func({ cache: "never" })
  async stop(env: string, format: string = "text"): Promise<string> {
    return await this.deployment(env).verb("stop", formatArguments(format))
  }

  /** Nothing reaches staging that did not pass its checks. */
  private async release(
    { commit, tree, allowUnscanned }: { commit: GitRef; tree: Directory; allowUnscanned: boolean },
    { secrets = this.stagingSecrets, config }: Given,
    options: ReleaseOptions,
  ): Promise<string> {
    const { source, signingKey } = this
    const deployment = this.deployment("staging")
    const build = await this.images(commit)
    const scan = allowUnscanned ? undefined : this.scanned({ commit, tree, build }, usualLimits)
    const gathered = await gatherEvidence({ source, build, runtime: knownRuntime(this.backendRuntime), scan })
    const references = await build.publish()
    const evidence = await attachEvidence(gathered, build, signingKey, this.usedRegistry())
    return await deployment.deploy(references, evidence, { secrets, config, source }, options)
  }

  private async promote(
    { secrets = this.prodSecrets, config }: Given,
    judgement: Omit<Judgement, "evidenceKey">,
    options: ReleaseOptions,
  ): Promise<string> {
    const evidenceKey = this.verificationKey ?? this.signingKey
    const extras = { secrets, config, source: this.source }
    const promotable = await this.deployment("staging").promotable()
    const [result, registry] = await Promise.all([
      this.deployment("prod").promote(promotable, { ...judgement, evidenceKey }, extras, options),
      compareEvidence(promotable, this.usedRegistry()),
    ])
    return withNote(result, options.format, { registry })
  }

  private async scanned(
    what: Pick<Scanned, "commit" | "tree" | "build">,
    options: ScanOptions,
  ): Promise<Container> {
    const database = this.vulnerabilityDb && readable(this.vulnerabilityDb)
    return await scan({ ...what, source: this.source, database }, options)
  }

  private deployment(env: string): Deployment {
    return new Deployment({
      env: knownEnvironment(env),
      project: this.project,
      actor: this.actor,
      webhook: this.webhook,
      domain: env === "prod" ? this.prodDomain : this.stagingDomain,
      acmeCa: this.acmeCa,
      docker: this.dockerAccess(),
    })
  }

  private dockerAccess(): DockerAccess<Socket, Secret> {
    const { docker: socket, dockerHost: host, sshKey, knownHosts } = this
    return dockerAccess({ socket, host, sshKey, knownHosts })
  }

  private usedRegistry(): Registry {
    const { registryAddress, dockerHost } = this
    const registry =
      this.registry ?? (dockerHost ? tunnelTo(registryAddress, this.dockerAccess()) : undefined)
    return { registry, registryAddress }
  }
}
