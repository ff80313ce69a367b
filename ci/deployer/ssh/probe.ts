import { execFile } from "node:child_process"
import type { SshAddress } from "./address.ts"
import { connectionFailure, dockerFailure, keyUnusable } from "./failure.ts"

// Above ssh's own limit for a connection, so that its words come first.
const limitSeconds = 30
/** ssh's exit code for all that is its own failure and not the command's. */
const sshFailed = 255

/** @throws DeployError DEPLOY_SSH_KEY_UNUSABLE when ssh could not use it: later that would look like a refusal */
export async function insistOnKey(file: string): Promise<void> {
  const { code, said } = await run("ssh-keygen", ["-y", "-P", "", "-f", file], limitSeconds)
  if (code !== 0) throw keyUnusable(said)
}

/**
 * Asks the Docker there for its version. Docker's own client could do so by ssh, but it does not pass on why it fails.
 *
 * @param ssh its path
 * @throws DeployError why there is no connection, or no Docker behind it
 */
export async function insistOnDocker(ssh: string, address: SshAddress): Promise<void> {
  const version = ["docker", "version", "--format", "{{.Server.Version}}"]
  const { code, said } = await run(ssh, [...destination(address), ...version], limitSeconds)
  const { host } = address
  if (code === 0) return
  throw code === sshFailed ? connectionFailure(host, said) : dockerFailure(host, code, said)
}

/** ssh's arguments for where to go. */
export function destination({ user, host, port }: SshAddress): string[] {
  return ["-l", user, ...(port === undefined ? [] : ["-p", String(port)]), "--", host]
}

interface Answer {
  readonly code: number
  readonly said: string
}

/** @param seconds after which it is killed; as long as it likes unless given */
export function run(command: string, args: readonly string[], seconds = 0): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { timeout: seconds * 1000, killSignal: "SIGKILL" } as const
    execFile(command, [...args], options, (error, stdout, stderr) => {
      if (error?.code === "ENOENT") reject(error)
      else if (error?.killed) resolve({ code: sshFailed, said: `no answer in ${seconds} s` })
      else resolve({ code: exitCode(error), said: `${stderr}\n${stdout}`.replaceAll("\r", "").trim() })
    })
  })
}

function exitCode(error: { code?: number | string | null } | null): number {
  if (!error) return 0
  return typeof error.code === "number" ? error.code : 1
}
