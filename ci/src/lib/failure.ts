/** An error for the person at the terminal, in the form that all of Lockstep's have. */
export function errorText(code: string, what: string, why: string, todo: string): string {
  return `error ${code}: ${what}\n  why: ${why}\n  do:  ${todo}`
}

/**
 * What the deployer said when it failed, without the progress before it.
 *
 * @param stderr all that the deployer printed there
 * @returns undefined when it did not come to say anything
 */
export function deployerError(stderr: string): string | undefined {
  const start = stderr.search(/^error [A-Z_]+: /m)
  return start < 0 ? undefined : stderr.slice(start).trim()
}

/**
 * The engine's message when the host has no socket where one was named.
 *
 * @returns undefined when the message is about something else
 */
export function missingSocket(message: string): string | undefined {
  const path = /socket (\S+) not found/.exec(message)?.[1]
  if (!path) return undefined
  return errorText(
    "DEPLOY_DOCKER_UNREACHABLE",
    `there is no Docker socket at ${path}`,
    "DOCKER in .env, or --docker, names a socket that is not on this machine",
    "start Docker (npm run kit -- up does), or name its socket: --docker=unix:///var/run/docker.sock",
  )
}

/**
 * The engine's message when a secret is not where it was said to be.
 *
 * @returns undefined when the message is about something else
 */
export function missingSecret(message: string): string | undefined {
  const why = /secret (?:env var|file)[^\n]*?not found[^\n[]*|failed to (?:read|get) secret[^\n[]*/.exec(
    message,
  )?.[0]
  if (!why) return undefined
  return errorText(
    "DEPLOY_SECRETS_MISSING",
    "a secret that was named is not there; nothing was deployed",
    why.trim(),
    "see what --secrets, --webhook, --ssh-key and --known-hosts, or their defaults in .env, name; --secrets and --webhook may be left out",
  )
}

/** @param stderr what skopeo printed */
export function pushError(stderr: string): string {
  const said = stderr.trim().split("\n").at(-1) ?? ""
  return errorText(
    "DEPLOY_REGISTRY_UNREACHABLE",
    "the image could not be pushed to the registry; nothing was deployed",
    said,
    "see whether the registry runs (npm run kit -- status), and that REGISTRY in .env or --registry names it",
  )
}

/** @param stderr what skopeo printed */
export function readError(stderr: string): string {
  return errorText(
    "BUILD_IMAGE_UNREADABLE",
    "the registry does not give this image",
    stderr.trim().split("\n").at(-1) ?? "",
    "see whether the registry runs (npm run kit -- status) and has the image",
  )
}

/** Of a release whose scan is not clean. */
export function notScanned(verdict: string, reasons: readonly string[]): string {
  return errorText(
    "DEPLOY_NOT_SCANNED",
    `the verdict of the scan is ${verdict}, not clean; nothing was deployed`,
    reasons.join("; "),
    "`dagger call security-scan` says what to mend; in an emergency --allow-unscanned, which is recorded",
  )
}
