import { DeployError } from "../../deployer/errors.js"
import { errorText } from "./failure.js"

/**
 * For what is checked here although the deployer checks it, too: here it costs no build.
 *
 * @throws Error with the deployer's own words in place of its error
 */
export function inOwnWords<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof DeployError)) throw error
    throw new Error(errorText(error.code, error.message, error.why, error.todo), { cause: error })
  }
}
