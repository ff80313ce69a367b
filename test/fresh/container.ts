import { existsSync } from "node:fs"
import { execa } from "execa"
import { run } from "../../ci/engine/lib/run.ts"
import { privileges } from "../../ci/engine/steps/containers.ts"
import { certificatesDir } from "../../ci/engine/steps/rootfs.ts"
import { machineImage, testLabel } from "./image.ts"
import { registrySettings } from "./registry-settings.ts"

export const container = "lockstep-fresh"
export const cloneDir = "/root/lockstep"

const volumes = { "/var/lib/docker": `${container}-docker`, "/root/.cache": `${container}-cache` }
const repository = "/srv/repository"

/** Addresses of the machine's own Docker, apart from those of the Docker around it. */
const daemonSettings = {
  bip: "10.213.0.1/24",
  "default-address-pools": [{ base: "10.214.0.0/16", size: 24 }],
}

/** How the machine is connected. */
export type Connection =
  /** As the host is, with its CA store and the settings of its package registries. */
  | "as the host"
  /** Not at all: it has the loopback and no route. The folder is what a person would bring along on a disk. */
  | { disk: string }

/** Where the disk is on the machine. */
export const diskDir = "/media/disk"

/**
 * Starts the container, with a clone in it and nothing else.
 *
 * @param projectDir the clone whose committed state is cloned
 */
export async function createContainer(projectDir: string, connection: Connection): Promise<void> {
  await removeContainer()
  const mounts = Object.entries(volumes).flatMap(([path, volume]) => ["-v", `${volume}:${path}`])
  await run("docker", [
    ...["run", "-d", "--init", "--name", container, "--hostname", container, "--label", testLabel],
    ...[...privileges(), ...mounts, "-v", `${projectDir}:${repository}:ro`],
    ...(connection === "as the host"
      ? await hostSettings()
      : ["--network", "none", "-v", `${connection.disk}:${diskDir}:ro`]),
    ...[await machineImage(), "sleep", "infinity"],
  ])
  if (connection === "as the host") await trustHostStore()
  await inside(`mkdir -p /etc/docker && echo '${JSON.stringify(daemonSettings)}' > /etc/docker/daemon.json`)
  // The repository may belong to another user than the machine's root, and git asks about that.
  const uploader = "git -c safe.directory=* upload-pack"
  await inside(`git clone --quiet --upload-pack '${uploader}' file://${repository} ${cloneDir}`)
}

async function hostSettings(): Promise<string[]> {
  return Object.entries(await registrySettings()).flatMap(([name, value]) => ["-e", `${name}=${value}`])
}

/** What runs in the machine goes first: the control groups of its containers would stay behind on the host. */
export async function removeContainer(): Promise<void> {
  const all = "docker ps -aq | xargs -r docker rm -f"
  await execa("docker", ["exec", container, "sh", "-c", all], { reject: false, timeout: 60_000 })
  await execa("docker", ["rm", "-f", "-v", container], { reject: false })
  await execa("docker", ["volume", "rm", "-f", ...Object.values(volumes)], { reject: false })
}

/** The CA certificates that the host's administrator has added to the system's store, if any. */
async function trustHostStore(): Promise<void> {
  if (!existsSync(certificatesDir)) return
  await run("docker", ["cp", `${certificatesDir}/.`, `${container}:${certificatesDir}`])
  await inside("update-ca-certificates")
}

async function inside(command: string): Promise<void> {
  await run("docker", ["exec", container, "bash", "-c", command])
}
