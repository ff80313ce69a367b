import { spawnSync } from "node:child_process"
import { rmSync } from "node:fs"
import { mkdtemp, readFile, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { knownHostsMissing, type SshAccess, sshAccess } from "./access.ts"
import { sshUrl } from "./address.ts"
import { configuration } from "./configuration.ts"
import { connectionFailure } from "./failure.ts"
import { destination, insistOnDocker, insistOnKey, run } from "./probe.ts"

/**
 * The variables with which the Docker CLI reaches what DOCKER_HOST names. For a host by ssh, LOCKSTEP_SSH_KEY and
 * LOCKSTEP_KNOWN_HOSTS are paths of files with the private key and with lines of known_hosts. Nothing else is used: no
 * agent, no key and no setting of the user's.
 *
 * @param env the process's own
 * @throws DeployError unless a Docker answers there
 */
export async function dockerEnvironment(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const access = given(env)
  if (!access) return env
  const dir = await sshFor(access, env)
  await insistOnDocker(join(dir, "ssh"), access.address)
  return { ...env, DOCKER_HOST: sshUrl(access.address), PATH: [dir, env.PATH].join(delimiter) }
}

/**
 * Takes connections on a port of this machine to an address in the eyes of the host. It ends only with a failure: ssh ends
 * when the connection breaks, and when there is none.
 *
 * @param to HOST or HOST:PORT; without a port it is that of https
 * @throws DeployError
 */
export async function forward(port: number, to: string, env: NodeJS.ProcessEnv): Promise<never> {
  const access = given(env)
  if (!access) throw new Error("no host is given")
  const dir = await sshFor(access, env)
  const target = /:\d+$/.test(to) ? to : `${to}:443`
  const { said } = await run(join(dir, "ssh"), [
    // A connection of its own: one that others share would outlive them.
    ...["-o", "ControlPath=none", "-o", "ClearAllForwardings=no", "-o", "ExitOnForwardFailure=yes"],
    ...["-N", "-L", `0.0.0.0:${port}:${target}`, ...destination(access.address)],
  ])
  throw connectionFailure(access.address.host, said)
}

function given(env: NodeJS.ProcessEnv): SshAccess<string> | undefined {
  return sshAccess({
    socket: undefined,
    host: env.DOCKER_HOST?.startsWith("ssh:") ? env.DOCKER_HOST : undefined,
    sshKey: env.LOCKSTEP_SSH_KEY || undefined,
    knownHosts: env.LOCKSTEP_KNOWN_HOSTS || undefined,
  })
}

/** @returns a folder with a command `ssh` that uses what was given, and nothing else */
async function sshFor(access: SshAccess<string>, env: NodeJS.ProcessEnv): Promise<string> {
  const dir = await temporaryDir()
  await writeKey(join(dir, "key"), await readFile(access.sshKey, "utf8"))
  await writeKnownHosts(join(dir, "known_hosts"), await readFile(access.knownHosts, "utf8"))
  await writeFile(join(dir, "config"), configuration(dir))
  await writeFile(join(dir, "ssh"), wrapper(dir, env.PATH ?? ""), { mode: 0o700 })
  await insistOnKey(join(dir, "key"))
  return dir
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
