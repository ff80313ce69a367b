import { DeployError } from "../errors.ts"
import { parseSshAddress, type SshAddress } from "./address.ts"

/** What was given to reach a Docker: its socket, or a host with the key to log in and the keys that prove the host. */
export interface Given<Secret> {
  readonly socket: unknown
  readonly host: string | undefined
  readonly sshKey: Secret | undefined
  readonly knownHosts: Secret | undefined
}

export interface SshAccess<Secret> {
  readonly address: SshAddress
  readonly sshKey: Secret
  readonly knownHosts: Secret
}

/**
 * The access by ssh, complete, or undefined when no host is named.
 *
 * @throws DeployError DEPLOY_TWO_TARGETS, DEPLOY_HOST_ADDRESS, DEPLOY_SSH_KEY_MISSING, DEPLOY_KNOWN_HOSTS_MISSING
 */
export function sshAccess<Secret>(given: Given<Secret>): SshAccess<Secret> | undefined {
  const { socket, host, sshKey, knownHosts } = given
  if (!host) return undefined
  if (socket !== undefined) throw twoTargets()
  const address = parseSshAddress(host)
  if (sshKey === undefined) throw keyMissing()
  if (knownHosts === undefined) throw knownHostsMissing("none are given")
  return { address, sshKey, knownHosts }
}

function twoTargets(): DeployError {
  return new DeployError("DEPLOY_TWO_TARGETS", "both a Docker socket and a Docker host are given", {
    why: "a release goes to one of them, and guessing wrong would change the wrong machine",
    todo: "leave out --docker or --docker-host; the other may come from .env: put a # before DOCKER or DOCKERHOST there",
    outcome: "usage",
  })
}

function keyMissing(): DeployError {
  return new DeployError("DEPLOY_SSH_KEY_MISSING", "no key is given to log in to the Docker host with", {
    why: "no agent and no key of this user is used, so that the same call works everywhere",
    todo: "add --ssh-key=file://PATH or --ssh-key=env://VARIABLE, or SSHKEY=… in .env",
    outcome: "usage",
  })
}

export function knownHostsMissing(why: string): DeployError {
  return new DeployError("DEPLOY_KNOWN_HOSTS_MISSING", "no known keys of the Docker host", {
    why: `a host is never trusted on first use, so its key has to be known before; ${why}`,
    todo: "add --known-hosts=file://PATH or --known-hosts=env://VARIABLE, or KNOWNHOSTS=… in .env; docs/deployment/README.md says how to get the lines",
    outcome: "usage",
  })
}
