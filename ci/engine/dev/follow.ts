import { execa } from "execa"
import { composeArguments, composeEnvironment, type Project } from "./project.ts"

/**
 * Shows what both services log, as one stream, until they are stopped or this process is told to end.
 *
 * @param since ISO time of the first line to show
 * @returns the signal that ended it; undefined when the services were stopped from elsewhere
 */
export async function follow(project: Project, since: string): Promise<NodeJS.Signals | undefined> {
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
  let ending: NodeJS.Signals | undefined
  const end = (signal: NodeJS.Signals) => {
    ending ??= signal
    // The whole group: Docker's command line runs Compose as a process of its own.
    if (logs.pid) process.kill(-logs.pid, "SIGTERM")
  }
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const
  for (const signal of signals) process.on(signal, end)
  await logs
  return ending
}
