import { type Environment, environmentNamed } from "./environments.ts"
import { Flags, type Options, readFlags } from "./flags.ts"
import { type Https, httpsOf } from "./https.ts"
import { type Since, sinceFrom } from "./logs/since.ts"
import { type NamedImage, namedImages } from "./named-image.ts"
import { usageError } from "./usage.ts"

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
  /** Path of a file with the evidence of their checks: JSON, a list of envelopes. */
  readonly evidenceFile: string | undefined
  /** … or the path of what `promotable` printed of another environment. */
  readonly promotionFile: string | undefined
  /** Path of the public key that the evidence must be signed with. */
  readonly evidenceKeyFile: string | undefined
  readonly maxAgeDays: number
  readonly allowUnverified: boolean
  /** The backend's digest, whole or its beginning, that the other environment has to run; undefined: whatever it runs. */
  readonly promotedDigest: string | undefined
  /** Path of a file with the secrets' values. */
  readonly secretsFile: string | undefined
  /** Path of a file with the backend's settings. */
  readonly configFile: string | undefined
  readonly replicas: number
  readonly port: number
  readonly https: Https | undefined
  readonly confirm: Confirm
}

export interface RollbackRequest extends Releasing {
  readonly verb: "rollback"
  /** The number of a release, or the digest of its backend, whole or its beginning; undefined: the one before. */
  readonly to: string | undefined
  readonly confirm: Confirm
}

/** `show`: only the plan; a hash: only the plan that has it. Undefined: whatever it is. */
export type Confirm = string | undefined

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

export interface LogsRequest extends Common {
  readonly verb: "logs"
  /** As in the stack file; undefined: all. */
  readonly service: string | undefined
  readonly since: Since | undefined
  /** So many of the last lines of each container; undefined: all. */
  readonly tail: number | undefined
  readonly follow: boolean
}

/** What a release would be made with, to see whether it can be used. */
export interface PreflightRequest extends Common {
  readonly verb: "preflight"
  readonly stackFile: string | undefined
  readonly secretsFile: string | undefined
  readonly configFile: string | undefined
  readonly signingKeyFile: string | undefined
  readonly evidenceKeyFile: string | undefined
  readonly webhookFile: string | undefined
  readonly maxAgeDays: number
  readonly port: number
  readonly https: Https | undefined
  /** As the target's Docker knows it: HOST or HOST:PORT. */
  readonly registry: string | undefined
  /** Whether there is a vulnerability database to scan with. */
  readonly hasDatabase: boolean
}

export interface PlainRequest extends Common {
  readonly verb: "status" | "stop" | "promotable" | "clean"
}

/** Those that end with another release. */
export type ReleaseRequest = DeployRequest | RollbackRequest | StartRequest

export type Request =
  | ReleaseRequest
  | RestartRequest
  | HistoryRequest
  | LogsRequest
  | PreflightRequest
  | PlainRequest
  | { readonly verb: "help" }

const text = { type: "string" } as const
const common: Options = { env: text, json: { type: "boolean" }, help: { type: "boolean" } }
const releasing: Options = { timeout: text, bake: text, webhook: text }
const ports: Options = { port: text, domain: text, "tls-port": text, "acme-ca": text }

const flagsOf = {
  deploy: {
    ...releasing,
    ...ports,
    ...{ stack: text, image: { type: "string", multiple: true }, secrets: text, config: text },
    ...{
      replicas: text,
      evidence: text,
      promote: text,
      digest: text,
      "evidence-key": text,
      "max-age": text,
      confirm: text,
    },
    "allow-unverified": { type: "boolean" },
  },
  rollback: { ...releasing, to: text, confirm: text },
  start: releasing,
  restart: { service: text, timeout: text },
  stop: {},
  status: {},
  promotable: {},
  clean: {},
  history: { limit: text },
  logs: { service: text, since: text, tail: text, follow: { type: "boolean" } },
  preflight: {
    ...ports,
    ...{ stack: text, secrets: text, config: text, registry: text, webhook: text },
    ...{ "signing-key": text, "evidence-key": text, "max-age": text, database: { type: "boolean" } },
  },
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
  const { values, images } = readFlags(verb, { ...common, ...flagsOf[verb as Verb] }, rest)
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
      return {
        ...{ verb, ...base, ...releasingRequest(flags) },
        ...{ to: releaseName(flags), confirm: confirm(flags) },
      }
    case "start":
      return { verb, ...base, ...releasingRequest(flags) }
    case "restart":
      return { verb, ...base, service: flags.text("service"), timeoutSeconds: timeout(flags) }
    case "history":
      return { verb, ...base, limit: flags.number("limit", 1, 1000) ?? 20 }
    case "logs":
      return logsRequest(flags, base)
    case "preflight":
      return preflightRequest(flags, base)
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
    promotionFile,
    evidenceKeyFile: flags.text("evidence-key"),
    maxAgeDays: maxAge(flags),
    allowUnverified: flags.isSet("allow-unverified"),
    promotedDigest: promotedDigest(flags),
    secretsFile: flags.text("secrets"),
    configFile: flags.text("config"),
    replicas: flags.number("replicas", 1, 1000) ?? 1,
    port: port(flags, base),
    https: httpsOf(flags),
    confirm: confirm(flags),
  }
}

/** Without a place to begin, the last lines only: a container keeps up to 50 MB of them. */
const usualTail = 100

function logsRequest(flags: Flags, base: Common): LogsRequest {
  const since = sinceFrom(flags.text("since"))
  return {
    verb: "logs",
    ...base,
    service: flags.text("service"),
    since,
    tail: flags.number("tail", 0, 100_000) ?? (since === undefined ? usualTail : undefined),
    follow: flags.isSet("follow"),
  }
}

function preflightRequest(flags: Flags, base: Common): PreflightRequest {
  return {
    verb: "preflight",
    ...base,
    stackFile: flags.text("stack"),
    secretsFile: flags.text("secrets"),
    configFile: flags.text("config"),
    signingKeyFile: flags.text("signing-key"),
    evidenceKeyFile: flags.text("evidence-key"),
    webhookFile: flags.text("webhook"),
    maxAgeDays: maxAge(flags),
    port: port(flags, base),
    https: httpsOf(flags),
    registry: registry(flags),
    hasDatabase: flags.isSet("database"),
  }
}

function port(flags: Flags, { environment }: Common): number {
  return flags.number("port", 1, 65_535) ?? environment.port
}

function maxAge(flags: Flags): number {
  return flags.number("max-age", 1, 3650) ?? 7
}

const digestPattern = /^sha256:[0-9a-f]{12,64}$/
const digestRule = "it must be sha256: and at least twelve of the digits that `history` shows"

/** An empty one, such as of a CI job that passed none on, must not mean any. */
function promotedDigest(flags: Flags): string | undefined {
  if (flags.text("digest") === "") throw usageError('--digest ""', digestRule)
  return flags.matching("digest", digestPattern, digestRule)
}

function releaseName(flags: Flags): string | undefined {
  return flags.text("to")?.startsWith("sha256:")
    ? flags.matching("to", digestPattern, digestRule)
    : flags.number("to", 1, 999_999)?.toString()
}

function confirm(flags: Flags): Confirm {
  return flags.matching("confirm", /^(show|[0-9a-f]{16})$/, "it must be show, or the hash that was shown")
}

function registry(flags: Flags): string | undefined {
  return flags.matching("registry", /^[a-z0-9][a-z0-9.-]*(:\d{1,5})?$/i, "it must be HOST or HOST:PORT")
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
