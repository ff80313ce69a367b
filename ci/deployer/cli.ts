import { parseArgs } from "node:util"
import { type Environment, environmentNamed } from "./environments.ts"
import { DeployError } from "./errors.ts"

export const usage = `usage:
  deploy --env staging --stack FILE --image NAME=REF@sha256:… … [--secrets FILE]
         [--webhook FILE] [--replicas N] [--port N] [--timeout SECONDS] [--json]
  status --env ENV [--json]
  stop   --env ENV [--json]

LOCKSTEP_PROJECT sets the stack's name in front of -ENV (default: lockstep).`

export interface DeployRequest {
  readonly verb: "deploy"
  readonly environment: Environment
  readonly json: boolean
  readonly stackFile: string
  readonly images: readonly NamedImage[]
  /** Path of a file with the secrets' values. */
  readonly secretsFile: string | undefined
  /** Path of a file with the address that is told how it ended. */
  readonly webhookFile: string | undefined
  readonly replicas: number
  readonly port: number
  /** Undefined: long enough for the image's health check. */
  readonly timeoutSeconds: number | undefined
}

/** An image, and what the stack file calls it: `backend` fills in BACKEND_IMAGE. */
export interface NamedImage {
  readonly name: string
  /** By digest. */
  readonly reference: string
  readonly digest: string
}

export interface PlainRequest {
  readonly verb: "status" | "stop"
  readonly environment: Environment
  readonly json: boolean
}

export type Request = DeployRequest | PlainRequest | { readonly verb: "help" }

const common = { env: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } } as const
const deployOnly = {
  stack: { type: "string" },
  image: { type: "string", multiple: true },
  secrets: { type: "string" },
  webhook: { type: "string" },
  replicas: { type: "string" },
  port: { type: "string" },
  timeout: { type: "string" },
} as const

type Values = Record<string, string | boolean | string[] | undefined>

/** Reads the command line (without node and the script). */
export function parseRequest(argv: readonly string[]): Request {
  const [verb, ...rest] = argv
  if (verb === "--help" || verb === "help") return { verb: "help" }
  if (verb !== "deploy" && verb !== "status" && verb !== "stop") {
    throw usageError(
      verb ? `unknown verb ${JSON.stringify(verb)}` : "no verb",
      "the first word says what to do",
    )
  }
  const values = readFlags(verb, rest)
  if (values.help) return { verb: "help" }
  const environment = environmentNamed(values.env as string | undefined)
  const json = values.json === true
  if (verb !== "deploy") return { verb, environment, json }
  return deployRequest(values, environment, json)
}

function readFlags(verb: string, args: readonly string[]): Values {
  const options = verb === "deploy" ? { ...common, ...deployOnly } : common
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw usageError(
      (error as Error).message.split(". ")[0] ?? "bad flag",
      `${verb} does not take it in this form`,
    )
  }
}

type Flags = Record<string, string | undefined>

function deployRequest(values: Values, environment: Environment, json: boolean): DeployRequest {
  const { image, ...others } = values
  const flags = others as Flags
  return {
    verb: "deploy",
    environment,
    json,
    stackFile: required(flags, "stack"),
    images: namedImages((image as string[] | undefined) ?? []),
    secretsFile: flags.secrets,
    webhookFile: flags.webhook,
    replicas: wholeNumber(flags, "replicas", 1, 1000) ?? 1,
    port: wholeNumber(flags, "port", 1, 65_535) ?? environment.port,
    timeoutSeconds: wholeNumber(flags, "timeout", 1, 86_400),
  }
}

const imageByDigest = /^([a-z][a-z0-9-]*)=([a-z0-9][a-z0-9.:/_-]*@(sha256:[0-9a-f]{64}))$/i

function namedImages(texts: readonly string[]): NamedImage[] {
  const images = texts.map(namedImage)
  const twice = images.find(({ name }, index) => images.findIndex(other => other.name === name) < index)
  if (twice)
    throw usageError(`--image ${twice.name} is given twice`, "each image of the stack file has one name")
  if (images.length > 0) return images
  throw usageError("--image is missing", "deploy needs it")
}

function namedImage(text: string): NamedImage {
  const [, name, reference, digest] = imageByDigest.exec(text) ?? []
  if (name && reference && digest) return { name, reference, digest }
  throw new DeployError(
    "DEPLOY_IMAGE_NOT_BY_DIGEST",
    `${JSON.stringify(text)} does not name an image by digest`,
    {
      why: "a tag can mean another image tomorrow; only a digest is what was tested",
      todo: "give --image as NAME=REPOSITORY@sha256:… (the build prints the digest)",
      outcome: "usage",
    },
  )
}

function required(flags: Flags, name: string): string {
  const value = flags[name]
  if (value) return value
  throw usageError(`--${name} is missing`, "deploy needs it")
}

function wholeNumber(flags: Flags, name: string, minimum: number, maximum: number): number | undefined {
  const text = flags[name]
  if (text === undefined) return undefined
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (value >= minimum && value <= maximum) return value
  throw usageError(
    `--${name} ${JSON.stringify(text)}`,
    `it must be a whole number from ${minimum} to ${maximum}`,
  )
}

function usageError(message: string, why: string): DeployError {
  return new DeployError("DEPLOY_USAGE", message, { why, todo: usage, outcome: "usage" })
}
