import { dockerEnvironment } from "../ssh/client.ts"
import { type Docker, dockerFrom } from "./exec.ts"

/**
 * The Docker CLI at what DOCKER_HOST names. A connection by ssh is made for the first command, so that its failure is
 * one of the work at hand.
 */
export function dockerAt(env: NodeJS.ProcessEnv): Docker {
  let connected: Promise<Docker> | undefined
  return async (args, options) => {
    connected ??= dockerEnvironment(env).then(dockerFrom)
    return await (await connected)(args, options)
  }
}
