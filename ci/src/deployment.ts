import { type Container, type Directory, type File, type Secret, type Socket } from "@dagger.io/dagger"
import { deployer } from "./deployer.js"
import { flags, imageFlags, optionFlags, paths, type ReleaseOptions } from "./lib/deploy-arguments.js"
import type { DockerAccess } from "./lib/docker-access.js"
import { appEnvironment, needsPromotion } from "./lib/environments.js"
import { deployerError } from "./lib/failure.js"
import { always, explaining, tools } from "./tools.js"

/** Where to deploy and with what. */
export interface Target {
  env: string
  project: string
  /** Who asks, for the history; may be empty. */
  actor: string
  docker: DockerAccess<Socket, Secret>
  /** Of the edge's certificate; empty for plain HTTP. */
  domain: string
  /** Directory of the ACME server that issues it; empty for Let's Encrypt's. */
  acmeCa: string
  /** The address that is told how a release ended; undefined for none. */
  webhook: Secret | undefined
}

/** What a release gets besides its images. */
export interface Extras {
  /** Lines NAME=value; undefined for none. */
  secrets: Secret | undefined
  /** The backend's settings; undefined for those of the source. */
  config: File | undefined
  source: Directory
}

/** How a promotion is judged. */
export interface Judgement {
  /** Public key of the evidence; undefined: it need not be signed. */
  evidenceKey: Secret | undefined
  /** The backend's, of the release that is to be promoted; undefined: whatever runs. */
  digest: string | undefined
  maxAge: number | undefined
  allowUnverified: boolean
}

/** The calls that reach the outside: each runs the deployer in a container that reaches the target's Docker. */
export class Deployment {
  private readonly target: Target

  constructor(target: Target) {
    this.target = target
  }

  /**
   * Runs images that are in the registry.
   *
   * @param references by digest
   * @param evidence envelopes of their checks, as JSON
   */
  async deploy(
    references: readonly string[],
    evidence: File,
    extras: Extras,
    options: ReleaseOptions,
  ): Promise<string> {
    const stack = await extras.source.file("docker/docker-compose.prod.yml").contents()
    const { container, args } = await this.withExtras(stack, extras)
    const files = container.withNewFile(paths.stack, stack).withMountedFile(paths.evidence, evidence)
    const named = flags({ stack: paths.stack, evidence: paths.evidence })
    const all = [...named, ...imageFlags(references), ...args, ...optionFlags(options)]
    return await this.release(files, "deploy", all)
  }

  /** What runs here, for another environment to run it too: JSON. */
  async promotable(): Promise<string> {
    return await this.verb("promotable", ["--json"])
  }

  /**
   * Runs what another environment runs.
   *
   * @param promotable what it said of that
   */
  async promote(
    promotable: string,
    judgement: Judgement,
    extras: Extras,
    options: ReleaseOptions,
  ): Promise<string> {
    const { stackFile } = JSON.parse(promotable) as { stackFile: string }
    const { container, args } = await this.withExtras(stackFile, extras)
    const { evidenceKey, digest, maxAge, allowUnverified } = judgement
    const judged = flags({
      promote: paths.promote,
      evidenceKey: evidenceKey && paths.key,
      ...{ digest, maxAge, allowUnverified },
    })
    return await this.release(
      mountSecret(container.withNewFile(paths.promote, promotable), paths.key, evidenceKey),
      "deploy",
      [...judged, ...args, ...optionFlags(options)],
    )
  }

  /** Runs a release that was recorded. */
  async bringBack(verb: "rollback" | "start", args: string[]): Promise<string> {
    return await this.release(tools(), verb, args)
  }

  /** Looks at all that a release would be made with. */
  async preflight(
    keys: { signingKey: Secret | undefined; verificationKey: Secret | undefined },
    extras: Extras,
    options: string[],
  ): Promise<string> {
    const stack = await extras.source.file("docker/docker-compose.prod.yml").contents()
    const { container, args } = await this.withExtras(stack, extras)
    const promoted = needsPromotion(this.target.env)
    const key = promoted ? (keys.verificationKey ?? keys.signingKey) : keys.signingKey
    const named = flags({
      stack: paths.stack,
      [promoted ? "evidenceKey" : "signingKey"]: key && paths.key,
    })
    const files = mountSecret(container.withNewFile(paths.stack, stack), paths.key, key)
    return await this.release(files, "preflight", [...named, ...args, ...options])
  }

  /** A verb that needs nothing but its flags, and makes no release. */
  async verb(name: string, args: string[]): Promise<string> {
    return await this.run(tools(), name, args)
  }

  /** Only a stack file that declares a config gets the settings. */
  private async withExtras(stackFile: string, { secrets, config, source }: Extras) {
    const own = source.file(`app/config/${appEnvironment(this.target.env)}.env`)
    const settings = config ?? (stackFile.includes("CONFIGS_DIR") ? own : undefined)
    const container = settings ? tools().withNewFile(paths.config, await settings.contents()) : tools()
    const { domain, acmeCa } = this.target
    const args = flags({
      ...{ secrets: secrets && paths.secrets, config: settings && paths.config },
      ...(domain ? { domain, acmeCa: acmeCa || undefined } : {}),
    })
    return { container: mountSecret(container, paths.secrets, secrets), args }
  }

  /** With the webhook. */
  private async release(container: Container, verb: string, args: string[]): Promise<string> {
    const { webhook } = this.target
    const told = flags({ webhook: webhook && paths.webhook })
    return await this.run(mountSecret(container, paths.webhook, webhook), verb, [...args, ...told])
  }

  private async run(container: Container, verb: string, args: string[]): Promise<string> {
    const { env, project, actor, docker } = this.target
    const ran = deployer(always(container), docker)
      .withEnvVariable("LOCKSTEP_PROJECT", project)
      .withEnvVariable("LOCKSTEP_ACTOR", actor)
      .withExec(["node", "/deployer/main.ts", verb, "--env", env, ...args])
    return await explaining(
      () => ran.stdout(),
      error => deployerError(error.stderr),
    )
  }
}

function mountSecret(container: Container, path: string, secret: Secret | undefined): Container {
  return secret ? container.withMountedSecret(path, secret) : container
}
