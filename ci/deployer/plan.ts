import { createHash, randomBytes } from "node:crypto"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { HealthTiming } from "./docker/model.ts"
import { DeployError } from "./errors.ts"
import type { FetchedImage } from "./image.ts"
import type { Material } from "./material.ts"
import { defaultTimeoutSeconds, monitorSeconds } from "./monitor.ts"
import type { NamedImage } from "./named-image.ts"
import type { Release } from "./state/releases.ts"

/** Of this run alone. In the deployer's container this is memory, see ci/src/deployment.ts. */
export const materialDir = join(tmpdir(), `lockstep-release-${randomBytes(8).toString("hex")}`)

/** A release, and how to carry it out. */
export interface Plan {
  readonly release: Release
  readonly images: readonly FetchedImage[]
  /** Where this run has the secrets and configs. */
  readonly folders: Material["folders"]
  readonly limits: Limits
}

export interface Limits {
  /** Until all tasks serve and Swarm has watched them. */
  readonly timeoutSeconds: number
  /** How long the new release is watched once all its tasks serve. */
  readonly bakeSeconds: number
  /** The same for one that consists of tasks which the release before was watched with. */
  readonly unchangedBakeSeconds: number
}

/** Swarm would have begun to replace tasks by then. */
const settledSeconds = 5

/** What was asked for; undefined: what the images' health checks need. */
export interface WantedLimits {
  readonly timeoutSeconds: number | undefined
  readonly bakeSeconds: number | undefined
}

/** Each run gets an id of its own, so that even one of an unchanged image can be seen to have run. */
export function newDeployId(now: Date): string {
  return `${isoSeconds(now).replace(/[-:]/g, "")}-${randomBytes(4).toString("hex")}`
}

export function isoSeconds(now: Date): string {
  return now.toISOString().replace(/\.\d+Z$/, "Z")
}

/** A stack without a backend is known by its first image. */
export function applicationDigest(images: readonly NamedImage[]): string {
  return (images.find(({ name }) => name === "backend") ?? images[0])?.digest ?? ""
}

/** Which configuration a release has: the images' references do not count. */
export function configurationHash(stackFile: string, variables: Readonly<Record<string, string>>): string {
  const entries = Object.entries(variables).filter(
    ([name]) => name !== "APP_DIGEST" && !name.endsWith("_IMAGE"),
  )
  const text = JSON.stringify([stackFile, entries.sort(([one], [two]) => (one < two ? -1 : 1))])
  return createHash("sha256").update(text).digest("hex").slice(0, 12)
}

/** The window in which a sick container of the slowest image is found out. */
export function watchSeconds(images: readonly FetchedImage[]): number {
  return monitorSeconds(slowest(images))
}

/** @throws DeployError DEPLOY_TIMEOUT_TOO_SHORT, for a bake as well */
export function limitsFor(images: readonly FetchedImage[], replicas: number, wanted: WantedLimits): Limits {
  const window = watchSeconds(images)
  const tooShort = (flag: string, seconds: number) => {
    return new DeployError("DEPLOY_TIMEOUT_TOO_SHORT", `${seconds} s are too short for this image`, {
      why: `its health check may need ${window - 5} s to find a sick container, and is watched for ${window} s`,
      todo: `give a ${flag} of ${window} or more, or leave it out`,
    })
  }
  const { timeoutSeconds = defaultTimeoutSeconds(slowest(images), replicas), bakeSeconds = window } = wanted
  if (timeoutSeconds <= window) throw tooShort("--timeout", timeoutSeconds)
  if (bakeSeconds < window) throw tooShort("--bake", bakeSeconds)
  return { timeoutSeconds, bakeSeconds, unchangedBakeSeconds: wanted.bakeSeconds ?? settledSeconds }
}

/** The health check that needs the longest to find a sick container: all services are watched for as long. */
function slowest(images: readonly FetchedImage[]): HealthTiming {
  const [first, ...others] = images.map(({ health }) => health)
  if (!first) throw new Error("no image")
  return others.reduce((one, two) => (monitorSeconds(two) > monitorSeconds(one) ? two : one), first)
}
