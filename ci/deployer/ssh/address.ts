import { DeployError } from "../errors.ts"

export interface SshAddress {
  readonly user: string
  /** A name or an address; one of IPv6 without its brackets. */
  readonly host: string
  /** Undefined: ssh's own. */
  readonly port: number | undefined
}

const parts = /^ssh:\/\/(?<user>[^@]*)@(?<host>\[[^\]]*\]|[^:]*)(?::(?<port>.*))?$/s
const userName = /^[a-z_][a-z0-9_.-]{0,31}$/i
const hostName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i
/** Roughly: what is none of all that this allows, ssh will not find. */
const ipv6Address = /^\[([0-9a-f]*:[0-9a-f:]*:[0-9a-f.]*)\]$/i

/**
 * Reads `ssh://USER@HOST[:PORT]`. It is strict because the parts end as arguments of `ssh`, where a host that begins
 * with a dash would be an option that runs a command.
 *
 * @throws DeployError DEPLOY_HOST_ADDRESS, without the text: somebody may have put a password into it
 */
export function parseSshAddress(text: string): SshAddress {
  const { user, host, port } = parts.exec(text)?.groups ?? {}
  if (user === undefined || host === undefined) throw badAddress("it is not of that form")
  if (user.includes(":")) throw badAddress("it holds a password, and only keys are used")
  if (!userName.test(user)) throw badAddress("the user is not a user's name")
  const bare = unbracketed(host)
  if (bare === undefined) throw badAddress("the host is neither a name nor an address")
  return { user, host: bare, port: port === undefined ? undefined : portNumber(port) }
}

/** The inverse: what Docker is given. */
export function sshUrl({ user, host, port }: SshAddress): string {
  return `ssh://${user}@${bracketed(host)}${port === undefined ? "" : `:${port}`}`
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host
}

function unbracketed(host: string): string | undefined {
  return hostName.test(host) ? host : ipv6Address.exec(host)?.[1]
}

function portNumber(text: string): number {
  const port = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw badAddress("the port is not a number from 1 to 65535")
}

function badAddress(why: string): DeployError {
  return new DeployError("DEPLOY_HOST_ADDRESS", "the address of the Docker host cannot be used", {
    why: `it must be ssh://USER@HOST or ssh://USER@HOST:PORT; ${why}`,
    todo: "correct --docker-host, or DOCKERHOST in .env; an IPv6 address stands in brackets",
    outcome: "usage",
  })
}
