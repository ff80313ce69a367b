import { DockerHost } from "./host.ts"

/** Machines of one swarm, all of them managers. */
export class Cluster {
  readonly hosts: readonly DockerHost[]

  private constructor(hosts: readonly DockerHost[]) {
    this.hosts = hosts
  }

  static async start(name: string, count: number): Promise<Cluster> {
    const hosts: DockerHost[] = []
    for (let number = 1; number <= count; number++) {
      const host = await DockerHost.start({ name: `${name}-${number}` })
      const advertised = ["--advertise-addr", host.address]
      const [first] = hosts
      if (first) {
        const token = await first.docker("swarm", "join-token", "--quiet", "manager")
        await host.docker("swarm", "join", ...advertised, "--token", token, `${first.address}:2377`)
      } else await host.docker("swarm", "init", ...advertised)
      hosts.push(host)
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
    for (const host of this.hosts) await host.remove()
  }
}
