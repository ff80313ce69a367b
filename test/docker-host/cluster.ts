import { DockerHost } from "./host.ts"

/** Machines of one swarm, all of them managers. */
export class Cluster {
  readonly hosts: readonly DockerHost[]

  private constructor(hosts: readonly DockerHost[]) {
    this.hosts = hosts
  }

  static async start(name: string, count: number): Promise<Cluster> {
    const numbers = Array.from({ length: count }, (_, index) => index + 1)
    const hosts = await Promise.all(numbers.map(number => DockerHost.start({ name: `${name}-${number}` })))
    const [first, ...others] = hosts as [DockerHost, ...DockerHost[]]
    await first.docker("swarm", "init", "--advertise-addr", first.address)
    const token = await first.docker("swarm", "join-token", "--quiet", "manager")
    for (const host of others) {
      const join = ["--advertise-addr", host.address, "--token", token, `${first.address}:2377`]
      await host.docker("swarm", "join", ...join)
    }
    return new Cluster(hosts)
  }

  named(name: string): DockerHost {
    const host = this.hosts.find(candidate => candidate.name === name)
    if (host) return host
    throw new Error(`no host ${name}`)
  }

  /** The manager that leads the others, in the eyes of one that is up. */
  async leader(seenBy: DockerHost): Promise<DockerHost> {
    const list = await seenBy.docker("node", "ls", "--format", "{{.Hostname}} {{.ManagerStatus}}")
    return this.named(/^(\S+) Leader$/m.exec(list)?.[1] ?? "")
  }

  async nodeOf(service: string, seenBy: DockerHost): Promise<DockerHost> {
    const running = ["--filter", "desired-state=running", "--format", "{{.Node}}"]
    const [node = ""] = (await seenBy.docker("service", "ps", ...running, service)).split("\n")
    return this.named(node)
  }

  async remove(): Promise<void> {
    await Promise.all(this.hosts.map(host => host.remove()))
  }
}
