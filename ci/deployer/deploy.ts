import { readFile } from "node:fs/promises"
import { confirmed } from "./approval/confirm.ts"
import type { Proposal } from "./approval/proposal.ts"
import type { DeployRequest } from "./cli.ts"
import type { Context } from "./context.ts"
import { requireDeployable } from "./environments.ts"
import type { Envelope } from "./evidence/envelope.ts"
import { wantedPorts } from "./https.ts"
import { fetchImages } from "./image.ts"
import { type Material, writeMaterial } from "./material.ts"
import {
  applicationDigest,
  configurationHash,
  limitsFor,
  materialDir,
  type Plan,
  watchSeconds,
} from "./plan.ts"
import { insistOnFreePorts } from "./preflight.ts"
import { type Candidate, readPromotion } from "./promotion.ts"
import type { Deployed } from "./release.ts"
import { type Change, change, openSession } from "./session.ts"
import { readStackFile, stackVariables } from "./stack-file.ts"
import type { Release } from "./state/releases.ts"

/** Runs new images, or those of another environment. What can say no comes before the first change. */
export async function deploy(context: Context, request: DeployRequest): Promise<Deployed | Proposal> {
  const session = await openSession(context, request.environment)
  const candidate = await readCandidate(request)
  const material = await writeMaterial(session.target.stack, candidate.stackFile, request, materialDir)
  return change(session, candidate.promoted ? "promotion" : "deploy", async current => {
    await insistOnFreePorts(current.context.docker, wantedPorts(request), current.target)
    return confirmed(current, await plan(current, request, candidate, material), request.confirm)
  })
}

async function readCandidate(request: DeployRequest): Promise<Candidate> {
  const { stackFile, images, promotionFile } = request
  if (promotionFile !== undefined) return readPromotion(promotionFile, request, new Date())
  requireDeployable(request.environment)
  return {
    images,
    stackFile: await readStackFile(stackFile ?? "", images),
    evidence: await readEvidence(request),
    promoted: undefined,
    overruled: [],
  }
}

async function readEvidence({ evidenceFile }: DeployRequest): Promise<Envelope[]> {
  return evidenceFile === undefined ? [] : (JSON.parse(await readFile(evidenceFile, "utf8")) as Envelope[])
}

async function plan(
  current: Change,
  request: DeployRequest,
  candidate: Candidate,
  material: Material,
): Promise<Plan> {
  const { environment, port, replicas, https } = request
  const { stackFile, evidence, promoted, overruled } = candidate
  const images = await fetchImages(current.context, candidate.images)
  const digest = applicationDigest(images)
  const watched = watchSeconds(images)
  const settings = {
    images: candidate.images,
    digest,
    environment,
    port,
    replicas,
    https,
    monitorSeconds: watched,
  }
  const variables = { ...stackVariables(settings), ...material.versions }
  const { deployId, time, running, releases, context } = current
  const release: Release = {
    number: (releases.at(-1)?.number ?? 0) + 1,
    kind: promoted ? "promotion" : "deploy",
    ...{ deployId, time, actor: context.actor, from: running?.number ?? 0, restores: undefined },
    ...{ promoted, evidence, overruled },
    ...{ images: candidate.images, digest, port, replicas, stackFile, variables },
    configuration: configurationHash(stackFile, variables),
    secrets: material.secrets,
    configs: material.configs,
  }
  return { release, images, folders: material.folders, limits: limitsFor(images, replicas, request) }
}
