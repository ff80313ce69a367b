import { spawn } from "node:child_process"
import { existsSync, openSync, readFileSync, rmSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { setTimeout as sleep } from "node:timers/promises"
import { execa } from "execa"
import { KitError } from "../lib/errors.ts"
import type { Note } from "../lib/progress.ts"
import { run, succeeds } from "../lib/run.ts"

const daemonLog = "/var/log/lockstep-dockerd.log"
const daemonTries = 60

/**
 * Leaves a Docker daemon running: the one that is there, else Debian's, installed and started.
 *
 * @throws KitError KIT_NO_DOCKER, KIT_DOCKER_REFUSED, KIT_DOCKER_START
 */
export async function ensureDocker(note: Note): Promise<void> {
  if (!(await dockerAnswers())) {
    await refuseForeignDaemon()
    await ensurePackages(["docker.io", "iptables"], "dockerd")
    note("starting dockerd")
    await startDaemon()
  }
  note(`Docker ${await run("docker", ["version", "--format", "{{.Server.Version}}"])}`)
}

export async function dockerAnswers(): Promise<boolean> {
  return await succeeds("docker", ["version"], { timeout: 20_000 })
}

/** A daemon elsewhere, or one that this user may not use, is not for the kit to start or replace. */
async function refuseForeignDaemon(): Promise<void> {
  if (process.env.DOCKER_HOST) {
    throw new KitError("KIT_DOCKER_REFUSED", "Docker does not answer", {
      why: `DOCKER_HOST is set to ${process.env.DOCKER_HOST}, and nothing answers there`,
      fix: "start that Docker, or unset DOCKER_HOST to use this machine's",
    })
  }
  const listed = await execa("docker", ["version"], { reject: false, stdin: "ignore" })
  if (!String(listed.stderr ?? "").includes("permission denied")) return
  throw new KitError("KIT_DOCKER_REFUSED", "this user may not use Docker", {
    why: String(listed.stderr).trim(),
    fix: "add the user to the group docker (sudo usermod -aG docker $USER, then log in again), or run as root",
  })
}

/**
 * Installs Debian packages unless the command that they bring is there.
 *
 * @throws KitError KIT_NO_DOCKER or KIT_TOOL_MISSING where the kit may not install anything.
 */
export async function ensurePackages(packages: string[], command: string): Promise<void> {
  if (await succeeds("which", [command])) return
  if (process.getuid?.() !== 0 || !(await succeeds("which", ["apt-get"])))
    throw cannotInstall(packages, command)
  const env = { DEBIAN_FRONTEND: "noninteractive" }
  await run("apt-get", ["update", "-qq"], { env })
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { env })
}

function cannotInstall(packages: string[], command: string): KitError {
  const docker = command === "dockerd"
  return new KitError(docker ? "KIT_NO_DOCKER" : "KIT_TOOL_MISSING", `${command} is not installed`, {
    why: "the kit installs packages only as root on Debian or Ubuntu, and this is neither",
    fix: docker
      ? "install and start Docker (any version from 20.10), or run as root on Debian or Ubuntu"
      : `install ${packages.join(" ")}, or run as root on Debian or Ubuntu`,
  })
}

async function startDaemon(): Promise<void> {
  if (existsSync("/run/systemd/system")) await run("systemctl", ["start", "docker"])
  else startWithoutInit()
  for (let tried = 0; tried < daemonTries; tried++) {
    if (await dockerAnswers()) return
    await sleep(1000)
  }
  const log = await readFile(daemonLog, "utf8").catch(() => "")
  throw new KitError("KIT_DOCKER_START", "dockerd was started but does not answer", {
    why: log.trim().split("\n").slice(-10).join("\n") || "it printed nothing",
    fix: `read ${daemonLog} (or journalctl -u docker), mend the cause and run the same command again`,
  })
}

/** Detached, since the daemon outlives this run just as an init system's would. */
function startWithoutInit(): void {
  removeStalePid("/var/run/docker.pid", "dockerd")
  removeStalePid("/var/run/docker/containerd/containerd.pid", "containerd")
  const log = openSync(daemonLog, "a")
  spawn("dockerd", [], { detached: true, stdio: ["ignore", log, log] }).unref()
}

/** A killed daemon leaves its file; when another process has got its number since, dockerd would refuse to start. */
function removeStalePid(file: string, command: string): void {
  if (!existsSync(file)) return
  const name = `/proc/${readFileSync(file, "utf8").trim()}/comm`
  if (!existsSync(name) || readFileSync(name, "utf8").trim() !== command) rmSync(file)
}
