import { run, succeeds } from "../../../ci/engine/lib/run.ts"
import { privileges, until } from "../../../ci/engine/steps/containers.ts"
import { network, registryPort } from "../../../ci/engine/versions.ts"
import { hostImage } from "../../docker-host/image.ts"

const apiPort = 2375

/** A swarm of nodes that are containers on this machine, each with a dockerd of its own. The first one manages it. */
export class Nodes {
  readonly names: string[] = []
  private readonly prefix: string
  private readonly registry: string

  private constructor(prefix: string, registry: string) {
    this.prefix = prefix
    this.registry = registry
  }

  static async create(prefix: string): Promise<Nodes> {
    const gateway = ["network", "inspect", "-f", "{{(index .IPAM.Config 0).Gateway}}", network]
    const nodes = new Nodes(prefix, `${await run("docker", gateway)}:${registryPort}`)
    const manager = await nodes.startNode()
    const pool = "--default-addr-pool 10.230.0.0/16 --default-addr-pool-mask-length 24"
    await nodes.inside(manager, `docker swarm init --advertise-addr ${await addressOf(manager)} ${pool}`)
    return nodes
  }

  get manager(): string {
    return this.names[0] as string
  }

  async dockerHost(): Promise<string> {
    return `tcp://${await addressOf(this.manager)}:${apiPort}`
  }

  /** One more node for the swarm. */
  async add(): Promise<void> {
    const token = await this.inside(this.manager, "docker swarm join-token -q worker")
    const node = await this.startNode()
    await this.inside(node, `docker swarm join --token ${token} ${await addressOf(this.manager)}:2377`)
  }

  /** The same image, as the nodes reach the registry. */
  reference(image: string): string {
    return image.replace(/^[^/]+/, this.registry)
  }

  async inside(node: string, command: string): Promise<string> {
    return await run("docker", ["exec", node, "bash", "-c", command])
  }

  /** The address of the node that runs the service's only task. */
  async addressOfTask(service: string): Promise<string> {
    const format = "{{.Node}}"
    const filter = "desired-state=running"
    const list = `docker service ps ${service} --filter ${filter} --format '${format}'`
    const hostname = await this.inside(this.manager, list)
    for (const name of this.names) {
      if ((await this.inside(name, "hostname")) === hostname.trim()) return await addressOf(name)
    }
    throw new Error(`${service} runs on ${hostname}, which is not a node of this swarm`)
  }

  /** Seconds of the processor that the manager's dockerd has used. */
  async managerSeconds(): Promise<number> {
    const stat = await this.inside(this.manager, "cat /proc/$(pidof dockerd)/stat")
    const [user, system] = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 13)
      .map(Number)
    return ((user ?? 0) + (system ?? 0)) / 100
  }

  /** What runs in them goes first: the control groups of its containers would stay behind. */
  async remove(): Promise<void> {
    for (const name of this.names.toReversed()) {
      await this.inside(name, "docker swarm leave --force; docker ps -aq | xargs -r docker rm -f").catch(
        () => undefined,
      )
      await run("docker", ["rm", "-f", "-v", name])
    }
  }

  private async startNode(): Promise<string> {
    const number = this.names.length
    const name = `${this.prefix}-node${number + 1}`
    const addresses = `--bip 10.${220 + number}.0.1/24 --default-address-pool base=10.${225 + number}.0.0/16,size=24`
    const listening = `-H unix:///var/run/docker.sock -H tcp://0.0.0.0:${apiPort}`
    this.names.push(name)
    await run("docker", [
      ...["run", "-d", "--init", "--name", name, "--hostname", name, "--label", "io.lockstep.test=nodes"],
      ...["--network", network, ...privileges(), "-v", "/var/lib/docker", await hostImage()],
      ...["bash", "-c", `exec dockerd ${listening} ${addresses} --insecure-registry ${this.registry}`],
    ])
    await until(() => succeeds("docker", ["exec", name, "docker", "version"]), name)
    return name
  }
}

async function addressOf(name: string): Promise<string> {
  const format = `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`
  return await run("docker", ["inspect", "-f", format, name])
}
