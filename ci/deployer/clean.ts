import type { Context } from "./context.ts"
import * as commands from "./docker/commands.ts"
import { type Docker, must } from "./docker/exec.ts"
import type { Service } from "./docker/model.ts"
import { words } from "./docker/parse.ts"
import { type Environment, labels, type Target } from "./environments.ts"
import { DeployError } from "./errors.ts"
import { listMaterial } from "./material.ts"
import { readServices } from "./observe.ts"
import { foreignStack } from "./ownership.ts"
import { removeStack } from "./removal.ts"
import { type Change, change, openSession } from "./session.ts"
import { removeObjects } from "./state/objects.ts"
import { type Recorded, readAllReleases } from "./state/releases.ts"

export interface Cleaned {
  readonly outcome: "done"
  readonly environment: string
  readonly stack: string
  readonly removed: {
    /** Numbers. */
    readonly releases: readonly number[]
    readonly secrets: readonly string[]
    readonly configs: readonly string[]
    readonly networks: readonly string[]
    /** Of the node that is asked. */
    readonly volumes: readonly string[]
    /** References. */
    readonly images: readonly string[]
  }
  /** Images that something else uses. */
  readonly kept: readonly { readonly image: string; readonly why: string }[]
}

/** Removes all that is left of a stopped environment. The history goes last: it says what else there is to remove. */
export async function clean(context: Context, environment: Environment): Promise<Cleaned> {
  const session = await openSession(context, environment)
  return change(session, "clean", async current => {
    if (current.before.services.length > 0) throw stillRuns(current)
    const { target, releases } = current
    const { docker } = current.context
    const networks = await removeNetworks(current)
    const volumes = await removeVolumes(docker, target)
    const images = await removeImages(docker, target, releases)
    const secrets = await removeMaterial(docker, "secret", target)
    const configs = await removeMaterial(docker, "config", target)
    await removeObjects(
      docker,
      releases.map(({ object }) => object.id),
    )
    const { kept, removed } = images
    return {
      outcome: "done",
      environment: environment.name,
      stack: target.stack,
      removed: {
        releases: releases.map(({ number }) => number),
        ...{ secrets, configs, networks, volumes, images: removed },
      },
      kept,
    }
  })
}

/** @throws DeployError DEPLOY_FOREIGN_STACK when one of the stack's networks is somebody else's */
async function removeNetworks({ context, target }: Change): Promise<string[]> {
  const own = words(await must(context.docker, commands.networkNames(target.stack)))
  const label = `${labels.env}=${target.environment.name}`
  const known = words(await must(context.docker, commands.networkNames(target.stack, label)))
  const foreign = own.filter(name => !known.includes(name))
  if (foreign.length > 0) throw foreignStack(target, "networks", foreign)
  const left = await removeStack(context, target.stack)
  if (left.length === 0) return own
  throw new DeployError("DEPLOY_CLEAN_INCOMPLETE", `${target.stack} is not completely gone`, {
    why: `still there: ${left.join(", ")}`,
    todo: "run `clean` again; if it stays, look at these with docker inspect",
    outcome: "incomplete",
  })
}

/** With the certificates in it. */
async function removeVolumes(docker: Docker, { stack }: Target): Promise<string[]> {
  const own = words(await must(docker, commands.volumeList(stack)))
  if (own.length > 0) await must(docker, commands.volumeRemove(own))
  return own
}

/** Those of the stack that the deployer made: it names them so. */
async function removeMaterial(
  docker: Docker,
  kind: "secret" | "config",
  { stack }: Target,
): Promise<string[]> {
  const all = await listMaterial(docker, kind, stack)
  const own = all.filter(({ name }) => name.startsWith("lockstep_"))
  if (own.length === 0) return []
  await must(
    docker,
    commands.materialRemove(
      kind,
      own.map(({ id }) => id),
    ),
  )
  return own.map(({ name }) => name)
}

/** Removes the releases' images from this Docker, but for those that a service, a release or a container has. */
async function removeImages(docker: Docker, { stack }: Target, releases: readonly Recorded[]) {
  const references = new Set(releases.flatMap(({ images }) => images.map(({ reference }) => reference)))
  const others = await usersElsewhere(docker, stack)
  const removed: string[] = []
  const kept: { image: string; why: string }[] = []
  for (const image of references) {
    if ((await docker(commands.imageInspect(image))).code !== 0) continue
    const user = others.get(image)
    const { code, stderr } = user ? inUseBy(user) : await docker(commands.imageRemove(image))
    if (code === 0) removed.push(image)
    else kept.push({ image, why: stderr.trim() })
  }
  return { removed, kept }
}

const inUseBy = (user: string) => ({ code: 1, stderr: `${user} has it` })

async function usersElsewhere(docker: Docker, stack: string): Promise<Map<string, string>> {
  return otherUsers(stack, await readAllReleases(docker), await readServices(docker))
}

/** Which service, or release of another stack, has an image, by the image's reference. */
export function otherUsers(
  stack: string,
  releases: readonly (Pick<Recorded, "number" | "images"> & { readonly stack: string })[],
  services: readonly Pick<Service, "name" | "image">[],
): Map<string, string> {
  const others = releases.filter(release => release.stack !== stack)
  return new Map([
    ...others.flatMap(({ images, number, stack: owner }) =>
      images.map(({ reference }) => [reference, `release ${number} of ${owner}`] as const),
    ),
    ...services.map(({ image, name }) => [image, `the service ${name}`] as const),
  ])
}

function stillRuns({ target }: Change): DeployError {
  return new DeployError("DEPLOY_STILL_RUNS", `${target.stack} runs`, {
    why: "clean removes the history, secrets and settings that it needs",
    todo: `stop it first: \`stop --env ${target.environment.name}\``,
  })
}
