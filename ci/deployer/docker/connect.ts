import { dockerEnvironment } from "../ssh/client.ts"
import { type Docker, dockerFrom } from "./exec.ts"
import { type Follower, followDocker } from "./lines.ts"

/** Runs a command that prints until it is ended. */
export type FollowDocker = (args: readonly string[], follower: Follower) => ReturnType<typeof followDocker>

/**
 * The Docker CLI at what DOCKER_HOST names. A connection by ssh is made for the first command, so that its failure is
 * one of the work at hand.
 */
export function dockerAt(env: NodeJS.ProcessEnv): { docker: Docker; followDocker: FollowDocker } {
  let connected: Promise<NodeJS.ProcessEnv> | undefined
  const connect = () => {
    connected ??= dockerEnvironment(env)
    return connected
  }
  return {
    docker: async (args, options) => dockerFrom(await connect())(args, options),
    followDocker: async (args, follower) => followDocker(args, await connect(), follower),
  }
}
