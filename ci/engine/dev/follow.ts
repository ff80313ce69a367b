import { execa } from "execa"
import { composeArguments, composeEnvironment, type Project } from "./project.ts"

/** Aborted as soon as this process is told to end; it then ends by itself, when all is put away. */
export function endOfProcess(): AbortSignal {
  const ending = new AbortController()
  // A terminal that was closed takes no more text, which must not keep the services running.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined)
  // Not `once`: a terminal and the programs in between may each pass the same signal on.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => ending.abort())
  return ending.signal
}

/**
 * Shows what both services log, as one stream, until they are stopped or the signal is aborted.
 *
 * @param since ISO time of the first line to show
 */
export async function follow(project: Project, since: string, ending: AbortSignal): Promise<void> {
  // A process group of its own: a terminal's Ctrl-C would reach it as well, and twice means "at once" to Compose.
  const logs = execa("docker", composeArguments(project, ["logs", "--follow", "--since", since]), {
    cwd: project.dir,
    env: composeEnvironment(project),
    extendEnv: false,
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
    detached: true,
    reject: false,
  })
  const { pid } = logs
  // The whole group: Docker's command line runs Compose as a process of its own.
  if (pid !== undefined) ending.addEventListener("abort", () => process.kill(-pid, "SIGTERM"))
  await logs
}
