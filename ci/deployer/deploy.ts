import { randomBytes } from "node:crypto"
import { serviceUrl } from "./address.ts"
import type { DeployRequest, NamedImage } from "./cli.ts"
import type { Context } from "./context.ts"
import * as commands from "./docker/commands.ts"
import type { Snapshot } from "./docker/model.ts"
import { type Target, targetOf } from "./environments.ts"
import { DeployError, toDeployError } from "./errors.ts"
import { type Failure, stackRejected } from "./failure.ts"
import type { FetchedImage } from "./image.ts"
import { type Prepared, preflight } from "./preflight.ts"
import { type Recovery, recover } from "./recovery.ts"
import { follow } from "./rollout.ts"
import { type Release, stackVariables } from "./stack-file.ts"
import { wrongImages } from "./verification.ts"

export interface Deployed {
  readonly outcome: "done"
  readonly environment: string
  readonly stack: string
  readonly url: string
  /** The digest that the application calls its own: the backend's. */
  readonly digest: string
  readonly images: readonly NamedImage[]
  readonly deployId: string
  readonly deployedAt: string
  readonly seconds: number
}

export async function deploy(context: Context, request: DeployRequest): Promise<Deployed> {
  const start = performance.now()
  const target = targetOf(context.project, request.environment)
  context.progress(`preflight for ${target.stack}`)
  const prepared = await preflight(context, request, target)
  const release = describeRelease(request, prepared, new Date())
  const failure = await rollOut(context, target, prepared, release)
  if (failure) throw await undo(context, target, prepared, release, failure)
  return {
    outcome: "done",
    environment: request.environment.name,
    stack: target.stack,
    url: serviceUrl(context.host, request.port),
    digest: release.digest,
    images: request.images,
    deployId: release.deployId,
    deployedAt: release.time,
    seconds: Math.round((performance.now() - start) / 100) / 10,
  }
}

/** Each deploy gets an id of its own, so that even one of an unchanged image can be seen to have run. */
function describeRelease(request: DeployRequest, prepared: Prepared, now: Date): Release {
  const time = now.toISOString().replace(/\.\d+Z$/, "Z")
  return {
    images: request.images,
    digest: applicationDigest(request.images),
    envName: request.environment.name,
    appEnv: request.environment.appEnv,
    port: request.port,
    replicas: request.replicas,
    deployId: `${time.replace(/[-:]/g, "")}-${randomBytes(4).toString("hex")}`,
    time,
    monitorSeconds: prepared.monitorSeconds,
  }
}

/** A stack without a backend is known by its first image. */
function applicationDigest(images: readonly NamedImage[]): string {
  return (images.find(({ name }) => name === "backend") ?? images[0])?.digest ?? ""
}

/** Gives the stack to Swarm and follows it. Returns why it failed, if it did. */
async function rollOut(
  context: Context,
  target: Target,
  prepared: Prepared,
  release: Release,
): Promise<Failure | undefined> {
  context.progress(`deploy ${release.deployId} to ${target.stack}, port ${release.port}`)
  const args = commands.stackDeploy(target.stack, prepared.clientVersion)
  const result = await context.docker(args, {
    timeoutSeconds: 120,
    variables: { ...stackVariables(release), ...prepared.secrets },
    input: prepared.stackFile,
  })
  if (result.code !== 0) return stackRejected(result.stderr)
  const expected = { deployId: release.deployId, before: prepared.before }
  const { now, failure } = await follow(context, target.stack, expected, prepared.timeoutSeconds)
  return failure ?? compareImages(now, prepared.images)
}

/** What counts is what runs, not what was asked for. */
function compareImages(now: Snapshot, images: readonly FetchedImage[]): Failure | undefined {
  const wrong = wrongImages(now, images)
  if (wrong.length === 0) return undefined
  return {
    code: "DEPLOY_WRONG_IMAGE",
    message: "what runs is not what was deployed",
    why: wrong.join("; "),
    todo: "check that the stack file uses each image's variable (BACKEND_IMAGE), and who else changes this stack",
    evidence: [],
  }
}

async function undo(
  context: Context,
  target: Target,
  prepared: Prepared,
  release: Release,
  failure: Failure,
) {
  context.progress(`failed: ${failure.message}`)
  const { before, timeoutSeconds } = prepared
  const recovery = recover(context, target.stack, release.deployId, before, timeoutSeconds)
  const { outcome, words } = await recovery.catch(cannotUndo)
  const { code, message, why, todo, evidence } = failure
  return new DeployError(code, `${message}; ${words}`, { why, todo, evidence, outcome })
}

function cannotUndo(thrown: unknown): Recovery {
  const { message, why } = toDeployError(thrown)
  return { outcome: "rollback-failed", words: `it could not be undone: ${message} (${why})` }
}
