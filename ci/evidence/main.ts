// Runs in a container of the pipeline with plain Node: attaches evidence to images in a registry, or judges it.
import { readFile, writeFile } from "node:fs/promises"
import { DeployError, exitCodes, toDeployError } from "../deployer/errors.ts"
import { type Envelope, seal } from "../deployer/evidence/envelope.ts"
import type { Statement } from "../deployer/evidence/statement.ts"
import { errorJson, errorText } from "../deployer/report.ts"
import { attach } from "./attach.ts"
import {
  type AttachRequest,
  type CompareRequest,
  parseRequest,
  type Request,
  type VerifyRequest,
} from "./cli.ts"
import { compare } from "./compare.ts"
import { Registry } from "./registry.ts"
import { attachedText, verifiedText } from "./report.ts"
import { sbomStatements } from "./sbom.ts"
import { verify } from "./verify.ts"

/** Seals the statements and hangs them at their images; the checks' envelopes go to a file for the deployer. */
async function attachAll(request: AttachRequest): Promise<string> {
  const { images, sboms } = request
  const key = await contentOf(request.key)
  const checks = await statementsIn(request.checks)
  const others = [
    ...(await statementsIn(request.provenance)),
    ...(sboms === undefined ? [] : await sbomStatements(sboms, images)),
  ]
  const sealed = [...checks, ...others].map(statement => ({ statement, envelope: seal(statement, key) }))
  const registry = await Registry.at(request.registry)
  const attached = await Promise.all(images.map(image => attach(registry, image, sealed)))
  const envelopes = sealed.slice(0, checks.length).map(({ envelope }) => envelope)
  await writeFile(request.sealed, JSON.stringify(envelopes))
  return attached.map(one => attachedText(one, key !== undefined)).join("\n")
}

async function verifyAll(request: VerifyRequest): Promise<string> {
  const { image, reference, maxAgeDays, json } = request
  const rules = { key: await contentOf(request.key), now: new Date(), maxAgeDays }
  const verified = await verify(await Registry.at(request.registry), image, reference, rules)
  return json ? JSON.stringify({ outcome: "done", ...verified }) : verifiedText(verified)
}

/** It is said beside a promotion that is judged by the record: nothing here can make it fail. */
async function compareAll({ images, promotion, registry }: CompareRequest): Promise<string> {
  const { evidence } = JSON.parse(await readFile(promotion, "utf8")) as { evidence: Envelope[] }
  try {
    return await compare(await Registry.at(registry), images, evidence)
  } catch (error) {
    return `was not compared: ${(error as Error).message}`
  }
}

async function contentOf(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : await readFile(path, "utf8")
}

async function statementsIn(path: string | undefined): Promise<Statement[]> {
  return JSON.parse((await contentOf(path)) ?? "[]") as Statement[]
}

async function run(request: Request): Promise<string> {
  if (request.verb === "compare") return await compareAll(request)
  try {
    return await (request.verb === "attach" ? attachAll(request) : verifyAll(request))
  } catch (error) {
    if (error instanceof DeployError) throw error
    throw request.verb === "attach" ? notAttached(error as Error) : unreadable(error as Error)
  }
}

function notAttached(cause: Error): DeployError {
  return new DeployError(
    "EVIDENCE_NOT_ATTACHED",
    "the evidence could not be attached; nothing was deployed",
    {
      why: cause.message,
      todo: "see whether the registry runs (npm run kit -- status) and takes manifests that are no images, then try again",
      cause,
    },
  )
}

function unreadable(cause: Error): DeployError {
  return new DeployError("EVIDENCE_UNREADABLE", "the evidence cannot be read from the registry", {
    why: cause.message,
    todo: "see whether the registry runs (npm run kit -- status), and that REGISTRY in .env or --registry names it",
    cause,
  })
}

async function main(argv: readonly string[]): Promise<number> {
  const asJson = argv.includes("--json")
  try {
    process.stdout.write(`${await run(parseRequest(argv))}\n`)
    return exitCodes.done
  } catch (thrown) {
    const error = toDeployError(thrown)
    process.stderr.write(`${errorText(error)}\n`)
    if (asJson) process.stdout.write(`${JSON.stringify(errorJson(error))}\n`)
    return exitCodes[error.outcome]
  }
}

process.exitCode = await main(process.argv.slice(2))
