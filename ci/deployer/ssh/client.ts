import { spawnSync } from "node:child_process"
import { rmSync } from "node:fs"
import { mkdtemp, readFile, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { knownHostsMissing, sshAccess } from "./access.ts"
import { sshUrl } from "./address.ts"
import { configuration } from "./configuration.ts"
import { insistOnDocker, insistOnKey } from "./probe.ts"

/**
 * The variables with which the Docker CLI reaches what DOCKER_HOST names. For a host by ssh, LOCKSTEP_SSH_KEY and
 * LOCKSTEP_KNOWN_HOSTS are paths of files with the private key and with lines of known_hosts. Nothing else is used: no
 * agent, no key and no setting of the user's.
 *
 * @param env the process's own
 * @throws DeployError unless a Docker answers there
 */
export async function dockerEnvironment(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const access = sshAccess({
    socket: undefined,
    host: env.DOCKER_HOST?.startsWith("ssh:") ? env.DOCKER_HOST : undefined,
    sshKey: env.LOCKSTEP_SSH_KEY || undefined,
    knownHosts: env.LOCKSTEP_KNOWN_HOSTS || undefined,
  })
  if (!access) return env
  const dir = await temporaryDir()
  await writeKey(join(dir, "key"), await readFile(access.sshKey, "utf8"))
  await writeKnownHosts(join(dir, "known_hosts"), await readFile(access.knownHosts, "utf8"))
  await writeFile(join(dir, "config"), configuration(dir))
  await writeFile(join(dir, "ssh"), wrapper(dir, env.PATH ?? ""), { mode: 0o700 })
  await insistOnKey(join(dir, "key"))
  await insistOnDocker(join(dir, "ssh"), access.address)
  return { ...env, DOCKER_HOST: sshUrl(access.address), PATH: [dir, env.PATH].join(delimiter) }
}

/** In the deployer's container it is memory, see ci/src/deployment.ts. */
async function temporaryDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "lockstep-ssh-"))
  process.once("exit", () => {
    // The connection that the commands shared would stay open for a minute.
    spawnSync(join(dir, "ssh"), ["-O", "exit", "host"], { stdio: "ignore" })
    rmSync(dir, { recursive: true, force: true })
  })
  return dir
}

/** With a line end at its end, which ssh insists on and a variable often lacks. */
async function writeKey(file: string, key: string): Promise<void> {
  await writeFile(file, `${key.replaceAll("\r\n", "\n").trimEnd()}\n`, { mode: 0o600 })
}

async function writeKnownHosts(file: string, lines: string): Promise<void> {
  if (!/^[^#\s]/m.test(lines)) throw knownHostsMissing("what is given holds no line of known_hosts")
  await writeFile(file, `${lines.trimEnd()}\n`, { mode: 0o600 })
}

/** Docker's CLI passes ssh no options; it finds this one, with the configuration, before the real one. */
function wrapper(dir: string, path: string): string {
  return `#!/bin/sh\nPATH=${quoted(path)} exec ssh -F ${quoted(join(dir, "config"))} "$@"\n`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
