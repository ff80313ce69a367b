import { spawn } from "node:child_process"
import { createInterface } from "node:readline"

export interface Follower {
  /** Takes each line of what the command prints, on standard output as on standard error. */
  readonly line: (text: string) => void
  /** Ends the command. */
  readonly signal: AbortSignal
}

/** Runs the Docker CLI for as long as it has something to say; its last line comes with its exit code. */
export function followDocker(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { line, signal }: Follower,
): Promise<{ code: number; last: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("docker", [...args], { env, stdio: ["ignore", "pipe", "pipe"], signal })
    let last = ""
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on("line", text => {
        last = text
        line(text)
      })
    }
    child.on("error", error => (signal.aborted ? resolve({ code: 0, last }) : reject(error)))
    child.on("close", code => resolve({ code: signal.aborted ? 0 : (code ?? 1), last }))
  })
}
