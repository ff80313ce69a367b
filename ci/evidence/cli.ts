import { parseArgs } from "node:util"
import { DeployError } from "../deployer/errors.ts"
import type { Located } from "./attach.ts"

interface Common {
  /** HOST:PORT */
  readonly registry: string
  /** Path of the key; undefined for none. */
  readonly key: string | undefined
}

export interface AttachRequest extends Common {
  readonly verb: "attach"
  readonly images: readonly Located[]
  /** Paths of files with lists of statements. */
  readonly checks: string
  readonly provenance: string | undefined
  /** A folder. */
  readonly sboms: string | undefined
  /** Where the checks' envelopes are written to, for the deployer. */
  readonly sealed: string
}

export interface VerifyRequest extends Common {
  readonly verb: "verify"
  readonly image: Located
  /** What people call the image. */
  readonly reference: string
  readonly maxAgeDays: number
  readonly json: boolean
}

/** Whether the registry has what another environment's record has. */
export interface CompareRequest extends Common {
  readonly verb: "compare"
  readonly images: readonly Located[]
  /** Path of what the deployer's `promotable` printed. */
  readonly promotion: string
}

export type Request = AttachRequest | VerifyRequest | CompareRequest

const usage = `usage:
  attach --registry HOST:PORT --image NAME=REPOSITORY@DIGEST … --checks FILE --sealed FILE
         [--provenance FILE] [--sboms FOLDER] [--key FILE]
  verify --registry HOST:PORT --image NAME=REPOSITORY@DIGEST --reference TEXT
         [--max-age DAYS] [--key FILE] [--json]
  compare --registry HOST:PORT --image NAME=REPOSITORY@DIGEST … --promotion FILE`

const text = { type: "string" } as const

/** Reads the command line (without node and the script). */
export function parseRequest(argv: readonly string[]): Request {
  const { values, positionals } = read(argv)
  const images = (values.image ?? []).map(located)
  const [image] = images
  if (!image) throw usageError("--image is missing")
  const common = { registry: required("registry", values.registry), key: values.key }
  switch (positionals.join(" ")) {
    case "attach": {
      const { provenance, sboms } = values
      const [checks, sealed] = [required("checks", values.checks), required("sealed", values.sealed)]
      return { verb: "attach", ...common, images, checks, sealed, provenance, sboms }
    }
    case "verify": {
      const reference = required("reference", values.reference)
      const json = values.json === true
      return { verb: "verify", ...common, image, reference, maxAgeDays: days(values["max-age"]), json }
    }
    case "compare":
      return { verb: "compare", ...common, images, promotion: required("promotion", values.promotion) }
    default:
      throw usageError(`there is no verb ${JSON.stringify(positionals.join(" "))}`)
  }
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        ...{ registry: text, key: text, checks: text, sealed: text, provenance: text, sboms: text },
        ...{ reference: text, "max-age": text, promotion: text },
        image: { type: "string", multiple: true },
        json: { type: "boolean" },
      },
      allowPositionals: true,
    })
  } catch (error) {
    throw usageError((error as Error).message.split(". ")[0] ?? "bad flag")
  }
}

function required(name: string, value: string | undefined): string {
  if (value) return value
  throw usageError(`--${name} is missing`)
}

function located(given: string): Located {
  const [, name, repository, digest] = /^([^=]+)=([^@]+)@(sha256:[0-9a-f]{64})$/.exec(given) ?? []
  if (name && repository && digest) return { name, repository, digest }
  throw usageError(`--image ${JSON.stringify(given)} is not NAME=REPOSITORY@DIGEST`)
}

/** As long as production lets a check count, unless given. */
function days(given = "7"): number {
  if (/^[1-9]\d{0,3}$/.test(given) && Number(given) <= 3650) return Number(given)
  throw usageError(`--max-age ${JSON.stringify(given)} is not a number of days from 1 to 3650`)
}

function usageError(message: string): DeployError {
  const why = "the command line is not one of those below"
  return new DeployError("EVIDENCE_USAGE", message, { why, todo: usage, outcome: "usage" })
}
