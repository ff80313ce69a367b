import { sshAccess } from "../../deployer/ssh/access.js"
import { sshUrl } from "../../deployer/ssh/address.js"
import { errorText } from "./failure.js"
import { inOwnWords } from "./own-words.js"

/** How the deployer gets to a Docker. */
export type DockerAccess<Socket, Secret> =
  | { kind: "socket"; socket: Socket }
  | { kind: "ssh"; url: string; sshKey: Secret; knownHosts: Secret }

export interface DockerArguments<Socket, Secret> {
  socket: Socket | undefined
  /** ssh://USER@HOST[:PORT]; empty for none. */
  host: string
  sshKey: Secret | undefined
  knownHosts: Secret | undefined
}

/** @throws Error unless exactly one way is given, and that one whole */
export function dockerAccess<Socket extends object, Secret extends object>(
  given: DockerArguments<Socket, Secret>,
): DockerAccess<Socket, Secret> {
  const ssh = inOwnWords(() => sshAccess(given))
  if (ssh) {
    const { address, sshKey, knownHosts } = ssh
    return { kind: "ssh", url: sshUrl(address), sshKey, knownHosts }
  }
  if (given.socket) return { kind: "socket", socket: given.socket }
  throw new Error(
    errorText(
      "DEPLOY_NOT_CONFIGURED",
      "no Docker is given",
      "neither --docker or --docker-host nor DOCKER or DOCKERHOST in .env says where it is",
      "put DOCKER=unix:///var/run/docker.sock into .env, or add --docker=unix:///var/run/docker.sock; or name another host: --docker-host=ssh://USER@HOST",
    ),
  )
}
