import { errorText } from "./failure.js"

/** The backend's repository in the registry. */
export const repository = "lockstep/backend"

export interface DeployOptions {
  /** The host's port; the environment's own when undefined. */
  port: number | undefined
  /** Seconds; long enough for the image's health check when undefined. */
  timeout: number | undefined
  /** text or json */
  format: string
}

/** The deployer's command line for `deploy`. */
export function deployArguments(env: string, image: string, options: DeployOptions): string[] {
  const args = ["deploy", "--env", env, "--stack", "/stack.yml", "--image", image]
  if (options.port !== undefined) args.push("--port", String(options.port))
  if (options.timeout !== undefined) args.push("--timeout", String(options.timeout))
  return [...args, ...formatArguments(options.format)]
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
