import { type ParseArgsConfig, parseArgs } from "node:util"
import { type Environment, environmentNamed } from "./environments.ts"
import { DeployError } from "./errors.ts"
import type { Https } from "./stack-file.ts"

export const usage = `usage:
  deploy   --env staging --stack FILE --image NAME=REF@sha256:… …
           [--evidence FILE] [--signing-key FILE]
           [--secrets FILE] [--config FILE] [--replicas N] [--port N] [--timeout SECONDS] [--bake SECONDS]
           [--domain NAME [--tls-port N] [--acme-ca URL]] [--webhook FILE]
  deploy   --env ENV --promote FILE [--evidence-key FILE] [--max-age DAYS] [--allow-unverified] [and as above]
  rollback --env ENV [--to RELEASE] [--timeout SECONDS] [--bake SECONDS] [--webhook FILE]
  start    --env ENV [--timeout SECONDS] [--bake SECONDS] [--webhook FILE]
  restart  --env ENV [--service NAME] [--timeout SECONDS]
  stop     --env ENV
  status   --env ENV
  promotable --env ENV
  history  --env ENV [--limit N]
Each takes --json.

LOCKSTEP_PROJECT sets the stack's name in front of -ENV (default: lockstep), LOCKSTEP_ACTOR who asks.`

interface Common {
  readonly environment: Environment
  readonly json: boolean
}

/** What every verb takes that makes a release. */
interface Releasing extends Common {
  /** Seconds; undefined: what the images' health checks need. */
  readonly timeoutSeconds: number | undefined
  readonly bakeSeconds: number | undefined
  /** Path of a file with the address that is told how it ended. */
  readonly webhookFile: string | undefined
}

export interface DeployRequest extends Releasing {
  readonly verb: "deploy"
  /** New images, and the stack file that runs them … */
  readonly stackFile: string | undefined
  readonly images: readonly NamedImage[]
  /** Path of a file with the evidence of their checks: JSON, a list of statements. */
  readonly evidenceFile: string | undefined
  /** Path of the private key that signs it. */
  readonly signingKeyFile: string | undefined
  /** … or the path of what `promotable` printed of another environment. */
  readonly promotionFile: string | undefined
  /** Path of the public key that the evidence must be signed with. */
  readonly evidenceKeyFile: string | undefined
  readonly maxAgeDays: number
  readonly allowUnverified: boolean
  /** Path of a file with the secrets' values. */
  readonly secretsFile: string | undefined
  /** Path of a file with the backend's settings. */
  readonly configFile: string | undefined
  readonly replicas: number
  readonly port: number
  readonly https: Https | undefined
}

/** An image, and what the stack file calls it: `backend` fills in BACKEND_IMAGE. */
export interface NamedImage {
  readonly name: string
  /** By digest. */
  readonly reference: string
  readonly digest: string
}

export interface RollbackRequest extends Releasing {
  readonly verb: "rollback"
  /** The number of a release; undefined: the one before. */
  readonly to: number | undefined
}

export interface StartRequest extends Releasing {
  readonly verb: "start"
}

export interface RestartRequest extends Common {
  readonly verb: "restart"
  /** As in the stack file; undefined: all. */
  readonly service: string | undefined
  readonly timeoutSeconds: number | undefined
}

export interface HistoryRequest extends Common {
  readonly verb: "history"
  readonly limit: number
}

export interface PlainRequest extends Common {
  readonly verb: "status" | "stop" | "promotable"
}

/** Those that end with another release. */
export type ReleaseRequest = DeployRequest | RollbackRequest | StartRequest

export type Request =
  | ReleaseRequest
  | RestartRequest
  | HistoryRequest
  | PlainRequest
  | { readonly verb: "help" }

type Options = NonNullable<ParseArgsConfig["options"]>
const text = { type: "string" } as const
const common: Options = { env: text, json: { type: "boolean" }, help: { type: "boolean" } }
const releasing: Options = { timeout: text, bake: text, webhook: text }

const flagsOf = {
  deploy: {
    ...releasing,
    ...{ stack: text, image: { type: "string", multiple: true }, secrets: text, config: text },
    ...{
      replicas: text,
      port: text,
      domain: text,
      "tls-port": text,
      "acme-ca": text,
      evidence: text,
      promote: text,
      "evidence-key": text,
      "signing-key": text,
      "max-age": text,
    },
    "allow-unverified": { type: "boolean" },
  },
  rollback: { ...releasing, to: text },
  start: releasing,
  restart: { service: text, timeout: text },
  stop: {},
  status: {},
  promotable: {},
  history: { limit: text },
} satisfies Record<string, Options>

type Verb = keyof typeof flagsOf

/** Reads the command line (without node and the script). */
export function parseRequest(argv: readonly string[]): Request {
  const [verb, ...rest] = argv
  if (verb === "--help" || verb === "help") return { verb: "help" }
  if (verb === undefined || !Object.hasOwn(flagsOf, verb)) {
    throw usageError(
      verb ? `unknown verb ${JSON.stringify(verb)}` : "no verb",
      "the first word says what to do",
    )
  }
  const { values, images } = readFlags(verb as Verb, rest)
  if (values.help) return { verb: "help" }
  const flags = new Flags(verb, values)
  const base = { environment: environmentNamed(flags.text("env")), json: values.json === true }
  return requestOf(verb as Verb, flags, base, images)
}

function requestOf(verb: Verb, flags: Flags, base: Common, images: readonly string[]): Request {
  switch (verb) {
    case "deploy":
      return deployRequest(flags, base, images)
    case "rollback":
      return { verb, ...base, ...releasingRequest(flags), to: flags.number("to", 1, 999_999) }
    case "start":
      return { verb, ...base, ...releasingRequest(flags) }
    case "restart":
      return { verb, ...base, service: flags.text("service"), timeoutSeconds: timeout(flags) }
    case "history":
      return { verb, ...base, limit: flags.number("limit", 1, 1000) ?? 20 }
    default:
      return { verb, ...base }
  }
}

function deployRequest(flags: Flags, base: Common, images: readonly string[]): DeployRequest {
  const promotionFile = flags.text("promote")
  if (promotionFile !== undefined && (images.length > 0 || flags.text("stack")))
    throw usageError(
      "--promote is given with --image or --stack",
      "a promotion takes both from what was tested",
    )
  return {
    verb: "deploy",
    ...base,
    ...releasingRequest(flags),
    stackFile: promotionFile === undefined ? flags.required("stack") : undefined,
    images: promotionFile === undefined ? namedImages(images) : [],
    evidenceFile: flags.text("evidence"),
    signingKeyFile: flags.text("signing-key"),
    promotionFile,
    evidenceKeyFile: flags.text("evidence-key"),
    maxAgeDays: flags.number("max-age", 1, 3650) ?? 7,
    allowUnverified: flags.isSet("allow-unverified"),
    secretsFile: flags.text("secrets"),
    configFile: flags.text("config"),
    replicas: flags.number("replicas", 1, 1000) ?? 1,
    port: flags.number("port", 1, 65_535) ?? base.environment.port,
    https: httpsOf(flags),
  }
}

const domainName = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/
const httpsUrl = /^https:\/\/[a-z0-9.-]+(:\d{1,5})?(\/[\w./-]*)?$/i

function httpsOf(flags: Flags): Https | undefined {
  const domain = flags.matching(
    "domain",
    domainName,
    "it must be a domain such as shop.example.com, in lower case",
  )
  if (domain === undefined) return undefined
  return {
    domain,
    port: flags.number("tls-port", 1, 65_535) ?? 443,
    acmeCa: flags.matching("acme-ca", httpsUrl, "it must be the https address of an ACME server's directory"),
  }
}

function timeout(flags: Flags): number | undefined {
  return flags.number("timeout", 1, 86_400)
}

function releasingRequest(flags: Flags): Omit<Releasing, keyof Common> {
  return {
    timeoutSeconds: timeout(flags),
    bakeSeconds: flags.number("bake", 1, 86_400),
    webhookFile: flags.text("webhook"),
  }
}

type Values = Record<string, string | boolean | undefined>

function readFlags(verb: Verb, args: readonly string[]): { values: Values; images: string[] } {
  const options: Options = { ...common, ...flagsOf[verb] }
  try {
    const { image, ...values } = parseArgs({
      ...{ args: [...args], options, strict: true, allowPositionals: false },
    }).values
    return { values: values as Values, images: (image as string[] | undefined) ?? [] }
  } catch (error) {
    throw usageError(
      (error as Error).message.split(". ")[0] ?? "bad flag",
      `${verb} does not take it in this form`,
    )
  }
}

/** The flags of one verb, with a clear error for each that cannot be used. */
class Flags {
  private readonly verb: string
  private readonly values: Values

  constructor(verb: string, values: Values) {
    this.verb = verb
    this.values = values
  }

  text(name: string): string | undefined {
    const value = this.values[name]
    return typeof value === "string" ? value : undefined
  }

  isSet(name: string): boolean {
    return this.values[name] === true
  }

  required(name: string): string {
    const value = this.text(name)
    if (value) return value
    throw usageError(`--${name} is missing`, `${this.verb} needs it`)
  }

  matching(name: string, form: RegExp, rule: string): string | undefined {
    const value = this.text(name)
    if (value === undefined || form.test(value)) return value
    throw usageError(`--${name} ${JSON.stringify(value)}`, rule)
  }

  number(name: string, minimum: number, maximum: number): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const number = /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN
    if (number >= minimum && number <= maximum) return number
    throw usageError(
      `--${name} ${JSON.stringify(value)}`,
      `it must be a whole number from ${minimum} to ${maximum}`,
    )
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

function namedImage(given: string): NamedImage {
  const [, name, reference, digest] = imageByDigest.exec(given) ?? []
  if (name && reference && digest) return { name, reference, digest }
  throw new DeployError(
    "DEPLOY_IMAGE_NOT_BY_DIGEST",
    `${JSON.stringify(given)} does not name an image by digest`,
    {
      why: "a tag can mean another image tomorrow; only a digest is what was tested",
      todo: "give --image as NAME=REPOSITORY@sha256:… (the build prints the digest)",
      outcome: "usage",
    },
  )
}

function usageError(message: string, why: string): DeployError {
  return new DeployError("DEPLOY_USAGE", message, { why, todo: usage, outcome: "usage" })
}
