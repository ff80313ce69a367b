import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { PreflightRequest } from "../cli.ts"
import type { Context } from "../context.ts"
import { environments } from "../environments.ts"
import { objections } from "../evidence/judge.ts"
import { idOf, readSigningKey, readVerificationKey } from "../evidence/key.ts"
import { parseSecrets, writeMaterial } from "../material.ts"
import { webhookFrom } from "../notification/webhook.ts"
import { notVerified, promotable } from "../promotion.ts"
import { readStackFile } from "../stack-file.ts"
import type { Finding } from "./check.ts"

/** What a release is made with. */

/** The stack file that would be deployed: the one given, or that of the release that would be promoted. */
export async function stackText(context: Context, request: PreflightRequest): Promise<string | undefined> {
  if (request.environment.deployable) return request.stackFile && readStackFile(request.stackFile, [])
  return (await staged(context)).stackFile
}

const staged = (context: Context) =>
  promotable(context, { verb: "promotable", environment: environments.staging, json: false })

export async function stackFile(context: Context, request: PreflightRequest): Promise<Finding> {
  const text = await stackText(context, request)
  if (text === undefined) return { found: "none given", warning: "give --stack" }
  return request.environment.deployable ? "has all that is needed" : "that of staging's release"
}

/** Writes the material as a release would, and removes it again. */
export async function material(context: Context, request: PreflightRequest, stack: string): Promise<Finding> {
  const { secretsFile, configFile } = request
  const text = await stackText(context, request)
  if (text === undefined) return { found: "no stack file to compare with", warning: "give --stack" }
  const dir = await mkdtemp(join(tmpdir(), "lockstep-preflight-"))
  try {
    await writeMaterial(stack, text, request, dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
  const names = secretsFile ? [...parseSecrets(await readFile(secretsFile, "utf8")).keys()] : []
  const settings = configFile ? "settings readable" : "no settings"
  return `${settings}; secrets: ${names.join(", ") || "none given"}`
}

export async function evidenceKey(request: PreflightRequest): Promise<Finding> {
  const { environment, signingKeyFile, evidenceKeyFile } = request
  const file = environment.deployable ? signingKeyFile : evidenceKeyFile
  if (file === undefined) {
    const found = environment.deployable ? "none: evidence is not signed" : "none: signatures do not count"
    return { found, warning: "make one: openssl genpkey -algorithm ed25519; see SIGNINGKEY in .env.example" }
  }
  const read = environment.deployable ? readSigningKey : readVerificationKey
  const key = read(await readFile(file, "utf8"))
  return `${key.asymmetricKeyType === "ec" ? "ECDSA P-256" : "Ed25519"}, id ${idOf(key).slice(0, 12)}`
}

export function database({ hasDatabase }: PreflightRequest): Finding {
  if (hasDatabase) return "given; the scan tries it"
  return {
    found: "none: only --allow-unscanned deploys",
    warning: "fetch one: dagger call refresh-db; see docs/security.md",
  }
}

export async function webhook({ webhookFile }: PreflightRequest): Promise<Finding> {
  if (webhookFile === undefined) return "none: nobody is told"
  await webhookFrom(webhookFile)
  return "usable address; not called"
}

/** Whether staging's release may go to production. */
export async function promotion(context: Context, request: PreflightRequest): Promise<Finding> {
  const { number, images, evidence, environment } = await staged(context)
  const key = request.evidenceKeyFile && (await readFile(request.evidenceKeyFile, "utf8"))
  const reasons = objections(images, evidence, { key, now: new Date(), maxAgeDays: request.maxAgeDays })
  if (reasons.length === 0) return `release ${number} of ${environment}, with evidence of its checks`
  throw notVerified(environment, number, reasons)
}

/** Whether the stack's registry is known without being named. */
export function registryOf(reference: string | undefined): string | undefined {
  return reference === undefined ? undefined : /^([^/@]+[.:][^/@]*|localhost)\//.exec(reference)?.[1]
}
