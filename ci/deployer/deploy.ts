import type { DeployRequest } from "./cli.ts"
import type { Context } from "./context.ts"
import { fetchImages } from "./image.ts"
import { writeMaterial } from "./material.ts"
import {
  applicationDigest,
  configurationHash,
  limitsFor,
  materialDir,
  type Plan,
  watchSeconds,
} from "./plan.ts"
import { insistOnFreePort } from "./preflight.ts"
import { carryOut, type Deployed } from "./release.ts"
import { type Change, change, openSession } from "./session.ts"
import { readStackFile, stackVariables } from "./stack-file.ts"

/** Runs new images. Everything that can say no comes before the first change; the cheap questions first. */
export async function deploy(context: Context, request: DeployRequest): Promise<Deployed> {
  const session = await openSession(context, request.environment)
  const stackFile = await readStackFile(request.stackFile, request.images)
  const material = await writeMaterial(session.target.stack, stackFile, request, materialDir)
  return change(session, "deploy", async current => {
    await insistOnFreePort(current.context.docker, request.port, current.target)
    return carryOut(current, await plan(current, request, { stackFile, material }))
  })
}

type Parts = { stackFile: string; material: Awaited<ReturnType<typeof writeMaterial>> }

async function plan(current: Change, request: DeployRequest, { stackFile, material }: Parts): Promise<Plan> {
  const { images: wanted, environment, port, replicas } = request
  const images = await fetchImages(current.context, wanted)
  const digest = applicationDigest(wanted)
  const settings = {
    images: wanted,
    digest,
    environment,
    port,
    replicas,
    monitorSeconds: watchSeconds(images),
  }
  const variables = { ...stackVariables(settings), ...material.versions }
  const { deployId, time, running, releases } = current
  const release = {
    number: (releases.at(-1)?.number ?? 0) + 1,
    kind: "deploy" as const,
    ...{ deployId, time, actor: current.context.actor, from: running?.number ?? 0, restores: undefined },
    ...{ images: wanted, digest, port, replicas, stackFile, variables },
    configuration: configurationHash(stackFile, variables),
    secrets: material.secrets,
    configs: material.configs,
  }
  return { release, images, folders: material.folders, limits: limitsFor(images, replicas, request) }
}
