import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { run, succeeds } from "../../ci/engine/lib/run.ts"
import { privileges, until } from "../../ci/engine/steps/containers.ts"
import { network, registryPort } from "../../ci/engine/versions.ts"
import { hostImage } from "./image.ts"

export interface HostOptions {
  readonly name: string
  /** Commands that prepare it, before its dockerd. */
  readonly prelude?: string
  readonly environment?: Readonly<Record<string, string>>
  /** The size of a disk in memory that holds all that Docker has; a volume without a limit unless given. */
  readonly diskMegabytes?: number
}

/** Addresses of its own Docker, apart from those of the Docker around it. */
const addresses = "--bip 10.215.0.1/24 --default-address-pool base=10.216.0.0/16,size=24"

/** A machine with Docker: a container with a dockerd of its own. It takes images from any registry of its network. */
export class DockerHost {
  readonly name: string
  readonly address: string
  /** The kit's registry, as this host knows it. */
  readonly registry: string
  readonly #folder: string

  private constructor(name: string, address: string, gateway: string, folder: string) {
    this.name = name
    this.address = address
    this.registry = `${gateway}:${registryPort}`
    this.#folder = folder
  }

  static async start(options: HostOptions): Promise<DockerHost> {
    const { name, environment = {} } = options
    const folder = await mkdtemp(join(tmpdir(), "docker-host-"))
    await run("docker", [
      ...[
        "run",
        "-d",
        "--init",
        "--name",
        name,
        "--hostname",
        name,
        "--label",
        "io.lockstep.test=docker-host",
      ],
      ...["--network", network, ...privileges(), ...dataRoot(options), "-v", `${folder}:/run/host`],
      ...Object.entries(environment).flatMap(([key, value]) => ["-e", `${key}=${value}`]),
      ...[await hostImage(), "bash", "-c", await startScript(options.prelude)],
    ])
    const host = new DockerHost(name, await addressOf(name), await ofNetwork("Gateway"), folder)
    await host.ready()
    return host
  }

  /** For DOCKER_HOST. */
  get url(): string {
    return `unix://${this.#folder}/docker.sock`
  }

  async ready(): Promise<void> {
    await until(async () => {
      // Whoever runs the tests may use it; its folder is theirs alone.
      const opened = await succeeds("docker", ["exec", this.name, "chmod", "666", "/run/host/docker.sock"])
      return opened && succeeds("docker", ["--host", this.url, "version"])
    }, this.name)
  }

  /** Runs a command of its Docker. */
  async docker(...args: string[]): Promise<string> {
    return await run("docker", ["--host", this.url, ...args])
  }

  async inside(command: string): Promise<string> {
    return await run("docker", ["exec", this.name, "bash", "-c", command])
  }

  /** Ends dockerd in order; it is started anew by itself. */
  async restartDocker(): Promise<void> {
    const pid = await this.inside("cat /var/run/docker.pid")
    await this.inside(`kill ${pid} && while test -d /proc/${pid}; do sleep 0.1; done`)
    await this.ready()
  }

  /** As if somebody had pulled its plug. */
  async kill(): Promise<void> {
    await run("docker", ["kill", this.name])
  }

  /** After `kill`. Its address may be another one then, by which the managers of its swarm do not know it. */
  async restart(): Promise<void> {
    await run("docker", ["start", this.name])
    await this.ready()
  }

  /** What runs in it goes first: the control groups of its containers would stay behind. */
  async remove(): Promise<void> {
    await succeeds("docker", ["start", this.name])
    await this.ready().catch(() => undefined)
    // Those of a swarm would be started anew.
    await this.docker("swarm", "leave", "--force").catch(() => undefined)
    await this.inside("docker ps -aq | xargs -r docker rm -f").catch(() => undefined)
    await run("docker", ["rm", "-f", "-v", this.name])
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** The loop: who restarts a machine's dockerd finds it running again. */
async function startScript(prelude = ":"): Promise<string> {
  const insecure = `--insecure-registry ${await ofNetwork("Subnet")}`
  const sockets = "-H unix:///var/run/docker.sock -H unix:///run/host/docker.sock"
  return `set -e
${prelude}
while true; do dockerd ${sockets} ${addresses} ${insecure} || true; sleep 0.5; done`
}

/** Docker's overlays cannot lie on a container's own file system, which is one. */
function dataRoot({ diskMegabytes }: HostOptions): string[] {
  if (diskMegabytes === undefined) return ["-v", "/var/lib/docker"]
  return ["--tmpfs", `/var/lib/docker:exec,size=${diskMegabytes}m`]
}

/** Of the network that the kit's containers are in; its gateway is this machine, as they see it. */
export async function ofNetwork(field: "Gateway" | "Subnet"): Promise<string> {
  return await run("docker", ["network", "inspect", "-f", `{{(index .IPAM.Config 0).${field}}}`, network])
}

async function addressOf(name: string): Promise<string> {
  const format = `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`
  return await run("docker", ["inspect", "-f", format, name])
}
