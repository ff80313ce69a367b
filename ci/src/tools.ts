import { type Container, ExecError } from "@dagger.io/dagger"
import { errorText, missingSecret, missingSocket } from "./lib/failure.js"
import { node } from "./node.js"

/**
 * Gives a failed exec the message that people need, and keeps its exit code for programs.
 *
 * @param explain the message, or undefined to leave the error as it is
 */
export async function explaining<T>(
  work: () => Promise<T>,
  explain: (error: ExecError) => string | undefined,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ExecError)) throw error
    // Nothing ran: the exit code in this error is that of an earlier step, and with it the call would end as a success.
    if (error.exitCode === 0) throw new Error(neverRan(error.message), { cause: error })
    error.message = explain(error) ?? error.message
    // The engine would print them below the message, where the same stands once more.
    Object.assign(error.extensions ?? {}, { stdout: "", stderr: "" })
    throw error
  }
}

const packages = ["docker.io", "openssh-client", "skopeo"]

/**
 * Node with the Docker CLI, ssh and skopeo, from the release's own packages.
 *
 * Debian signs its lists for a week. Here their age means nothing, since the engine keeps this container for as long as
 * it likes, and a pack for machines without network is older than that. The signatures themselves are checked.
 */
export function tools(): Container {
  return node()
    .withExec(["apt-get", "update", "-qq", "-o", "Acquire::Check-Valid-Until=false"])
    .withExec(["apt-get", "install", "-y", "-qq", "--no-install-recommends", ...packages])
}

/** What is run after this is run each time: no two values are the same, so no layer of the cache fits. */
export function always(container: Container): Container {
  return container.withEnvVariable("LOCKSTEP_CALL", `${Date.now()}-${Math.random()}`)
}

export function given<T>(value: T | undefined, name: string, example: string): T {
  if (value !== undefined) return value
  const setting = name.toUpperCase()
  throw new Error(
    errorText(
      "DEPLOY_NOT_CONFIGURED",
      `no ${name} is given`,
      `neither --${name} nor ${setting} in .env says where it is`,
      `put ${setting}=${example} into .env, or add --${name}=${example}`,
    ),
  )
}

function neverRan(message: string): string {
  return missingSocket(message) ?? missingSecret(message) ?? message
}
