import { errorText } from "./failure.js"

/** Where the deployer finds what is mounted for it. */
export const paths = {
  stack: "/release/stack.yml",
  evidence: "/release/evidence.json",
  promote: "/release/promotion.json",
  config: "/release/settings.env",
  secrets: "/run/secrets/values",
  key: "/run/secrets/key",
  webhook: "/run/secrets/webhook",
} as const

/** Limits and sizes of a release; what is undefined, the deployer chooses. */
export interface ReleaseOptions {
  /** The host's port. */
  port?: number | undefined
  /** Of the backend. */
  replicas?: number | undefined
  /** Seconds. */
  timeout?: number | undefined
  /** Seconds. */
  bake?: number | undefined
  /** show, or the hash of the plan that was shown. */
  confirm?: string | undefined
  /** text or json */
  format: string
}

/**
 * A command line's flags: none for undefined and false, the name alone for true.
 *
 * @param values by the flags' names, in camel case
 */
export function flags(values: Record<string, string | number | boolean | undefined>): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined || value === false) return []
    const flag = `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
    return value === true ? [flag] : [flag, String(value)]
  })
}

/** @param options what they call format becomes the deployer's --json */
export function optionFlags({ format, ...others }: ReleaseOptions): string[] {
  return [...flags({ ...others }), ...formatArguments(format)]
}

/** @param references the images: REGISTRY/lockstep/NAME@sha256:… */
export function imageFlags(references: readonly string[]): string[] {
  return references.flatMap(reference => ["--image", `${nameIn(reference)}=${reference}`])
}

function nameIn(reference: string): string {
  return /([^/]+)@/.exec(reference)?.[1] ?? ""
}

/**
 * What the deployer printed, with something that it did not know.
 *
 * @param format text: a line more; json: a field more
 */
export function withNote(printed: string, format: string, note: Record<string, string>): string {
  if (format === "json") return JSON.stringify({ ...JSON.parse(printed), ...note })
  const lines = Object.entries(note).map(([name, words]) => `  ${name.padEnd(9)} ${words}`)
  return [printed.trimEnd(), ...lines].join("\n")
}

/**
 * The deployer's flag for the format of what it prints.
 *
 * @throws Error for anything but text and json
 */
export function formatArguments(format: string): string[] {
  if (format === "text") return []
  if (format === "json") return ["--json"]
  const why = "results are printed for people (text) or for programs (json)"
  throw new Error(
    errorText(
      "DEPLOY_UNKNOWN_FORMAT",
      `there is no format "${format}"`,
      why,
      "use --format=text or --format=json",
    ),
  )
}
