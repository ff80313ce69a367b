import { errorText } from "./failure.js"

/** Where the deployer finds the secrets' values. */
export const secretsPath = "/run/secrets/values"

/** Where it finds the address of the webhook. */
export const webhookPath = "/run/secrets/webhook"

export interface DeployOptions {
  /** Whether the secrets are mounted. */
  secrets: boolean
  /** Whether the webhook's address is mounted. */
  webhook: boolean
  /** The host's port; the environment's own when undefined. */
  port: number | undefined
  /** Of the backend; one when undefined. */
  replicas: number | undefined
  /** Seconds; long enough for the image's health check when undefined. */
  timeout: number | undefined
  /** text or json */
  format: string
}

/**
 * The deployer's command line for `deploy`.
 *
 * @param references the images: REGISTRY/lockstep/NAME@sha256:…
 */
export function deployArguments(
  env: string,
  references: readonly string[],
  options: DeployOptions,
): string[] {
  const images = references.flatMap(reference => ["--image", `${nameIn(reference)}=${reference}`])
  const args = ["deploy", "--env", env, "--stack", "/stack.yml", ...images]
  if (options.secrets) args.push("--secrets", secretsPath)
  if (options.webhook) args.push("--webhook", webhookPath)
  if (options.replicas !== undefined) args.push("--replicas", String(options.replicas))
  if (options.port !== undefined) args.push("--port", String(options.port))
  if (options.timeout !== undefined) args.push("--timeout", String(options.timeout))
  return [...args, ...formatArguments(options.format)]
}

function nameIn(reference: string): string {
  return /([^/]+)@/.exec(reference)?.[1] ?? ""
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
