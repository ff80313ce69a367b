import { readFile } from "node:fs/promises"
import type { DeployRequest, PlainRequest } from "./cli.ts"
import type { Context } from "./context.ts"
import { DeployError } from "./errors.ts"
import type { Envelope } from "./evidence/envelope.ts"
import { objections } from "./evidence/judge.ts"
import type { NamedImage } from "./named-image.ts"
import { observe } from "./observe.ts"
import { openSession, runningRelease } from "./session.ts"
import { readReleases } from "./state/releases.ts"
import { summarize } from "./status.ts"

/** What an environment runs, for another one to run it too. */
export interface Promotable {
  readonly environment: string
  /** Of the release. */
  readonly number: number
  readonly images: readonly NamedImage[]
  readonly digest: string
  readonly stackFile: string
  readonly evidence: readonly Envelope[]
}

/** @throws DeployError DEPLOY_NOTHING_TO_PROMOTE unless a recorded release runs in full health */
export async function promotable(context: Context, { environment }: PlainRequest): Promise<Promotable> {
  const { context: patient, target } = await openSession(context, environment)
  const now = await observe(patient.docker, target.stack)
  const running = runningRelease(await readReleases(patient.docker, target.stack), now)
  const { state } = summarize(now)
  if (!running) throw nothingToPromote(environment.name, "no recorded release runs there")
  if (state !== "healthy" || running.ended?.outcome !== "deployed") {
    const how = state === "healthy" ? (running.ended?.outcome ?? "under way") : state
    throw nothingToPromote(environment.name, `its release ${running.number} is ${how}`)
  }
  const { number, images, digest, stackFile, evidence } = running
  return { environment: environment.name, number, images, digest, stackFile, evidence }
}

/** What is to be run: new images for an environment that takes them, or what another environment runs. */
export interface Candidate {
  readonly images: readonly NamedImage[]
  readonly stackFile: string
  readonly evidence: readonly Envelope[]
  /** The environment and the number of the release that is promoted. */
  readonly promoted: { readonly environment: string; readonly number: number } | undefined
  /** What spoke against it, and was overruled. */
  readonly overruled: readonly string[]
}

/** @throws DeployError DEPLOY_OTHER_DIGEST, or DEPLOY_NOT_VERIFIED when something speaks against it */
export async function readPromotion(path: string, request: DeployRequest, now: Date): Promise<Candidate> {
  const { environment, number, images, digest, stackFile, evidence } = JSON.parse(
    await readFile(path, "utf8"),
  ) as Promotable
  if (!digest.startsWith(request.promotedDigest ?? "")) throw otherDigest(environment, digest, request)
  const key = request.evidenceKeyFile && (await readFile(request.evidenceKeyFile, "utf8"))
  const reasons = objections(images, evidence, { key, now, maxAgeDays: request.maxAgeDays })
  const overruled = request.allowUnverified || request.confirm === "show"
  if (reasons.length > 0 && !overruled) throw notVerified(environment, number, reasons)
  return { images, stackFile, evidence, promoted: { environment, number }, overruled: reasons }
}

function nothingToPromote(environment: string, why: string): DeployError {
  return new DeployError("DEPLOY_NOTHING_TO_PROMOTE", `${environment} has nothing to promote`, {
    why,
    todo: `deploy to ${environment} and try it there first; \`status\` and \`history\` show what it runs`,
  })
}

/** Between approving a release and promoting it, another one may have been deployed. */
function otherDigest(environment: string, digest: string, { promotedDigest }: DeployRequest): DeployError {
  return new DeployError("DEPLOY_OTHER_DIGEST", `${environment} does not run what is to be promoted`, {
    why: `it runs ${digest}, and ${promotedDigest} was asked for`,
    todo: `look at what ${environment} runs now, and ask for that digest; or bring the other back there with \`rollback --to\``,
  })
}

export function notVerified(environment: string, number: number, reasons: readonly string[]): DeployError {
  return new DeployError("DEPLOY_NOT_VERIFIED", `release ${number} of ${environment} is not promoted`, {
    why: reasons.join("; "),
    todo: `commit, deploy to ${environment} and promote that; in an emergency --allow-unverified, which is recorded`,
  })
}
