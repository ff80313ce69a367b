import { execFile } from "node:child_process"
import { setTimeout as sleep } from "node:timers/promises"
import { DeployError } from "../errors.ts"

export interface Result {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Options {
  readonly timeoutSeconds?: number
  /** Variables on top of this process's own. */
  readonly variables?: Readonly<Record<string, string>>
  /** What it reads on standard input; nothing unless given. */
  readonly input?: string
}

/** Runs the Docker CLI with these arguments. A non-zero exit is a result, not an exception. */
export type Docker = (args: readonly string[], options?: Options) => Promise<Result>

// A list of a busy host's containers, with labels, is larger than Node's default of 1 MiB.
const maxBuffer = 64 * 1024 * 1024

export function dockerFrom(env: NodeJS.ProcessEnv): Docker {
  return (args, { timeoutSeconds = 30, variables = {}, input = "" } = {}) =>
    new Promise((resolve, reject) => {
      const options = {
        env: { ...env, ...variables },
        timeout: timeoutSeconds * 1000,
        killSignal: "SIGKILL",
        maxBuffer,
      } as const
      const child = execFile("docker", [...args], options, (error, stdout, stderr) => {
        if (error?.code === "ENOENT") reject(cliMissing(error))
        else if (error?.killed) reject(noAnswer(args, timeoutSeconds, error))
        else resolve({ code: exitCode(error), stdout, stderr })
      })
      // A command that ended without reading it says so by its exit code.
      child.stdin?.on("error", () => undefined).end(input)
    })
}

/** What Docker's command line says while the daemon restarts. */
const gone =
  /cannot connect to the docker daemon|error during connect|connection refused|connection reset|unexpected EOF/i
/** What the daemon says while a cluster chooses another leader, or while it finds its cluster again. */
const leaderless = /does not have a leader|code = (?:DeadlineExceeded|Unavailable)|not a swarm manager/i

/** A daemon that answers is not gone: its words may be about a registry. */
export function isAway(stderr: string): boolean {
  return leaderless.test(stderr) || (gone.test(stderr) && !/error response from daemon/i.test(stderr))
}

const patienceSeconds = 90

/** Repeats a command while Docker is away for a moment: all that the deployer asks for can be asked twice. */
export function patient(docker: Docker, progress: (line: string) => void): Docker {
  return async (args, options) => {
    const deadline = performance.now() + patienceSeconds * 1000
    for (;;) {
      const result = await docker(args, options)
      if (result.code === 0 || !isAway(result.stderr) || performance.now() > deadline) return result
      progress("Docker does not answer, trying on")
      await sleep(1000)
    }
  }
}

function exitCode(error: { code?: number | string | null } | null): number {
  if (!error) return 0
  return typeof error.code === "number" ? error.code : 1
}

/** Runs and insists on success. */
export async function must(docker: Docker, args: readonly string[], options?: Options): Promise<string> {
  const result = await docker(args, options)
  if (result.code === 0) return result.stdout
  throw new DeployError("DEPLOY_DOCKER_FAILED", `docker ${args.slice(0, 2).join(" ")} failed`, {
    why: result.stderr.trim() || `it exited with ${result.code} and said nothing`,
    todo: "see Docker's message above, and `status` for the state of the environment",
    outcome: "internal",
  })
}

function cliMissing(cause: unknown): DeployError {
  return new DeployError("DEPLOY_DOCKER_CLI_MISSING", "there is no docker command", {
    why: "the deployer talks to Docker through its command line, which is not in PATH",
    todo: "install Docker's CLI (Debian: docker.io) where the deployer runs",
    cause,
  })
}

function noAnswer(args: readonly string[], seconds: number, cause: unknown): DeployError {
  return new DeployError(
    "DEPLOY_DOCKER_SLOW",
    `docker ${args.slice(0, 2).join(" ")} gave no answer in ${seconds} s`,
    {
      why: "the Docker daemon hangs, is overloaded, or waits for a registry",
      todo: "try `docker info` on the target; restart Docker if that hangs too",
      outcome: "internal",
      cause,
    },
  )
}
