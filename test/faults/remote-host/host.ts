import { DockerHost } from "../../docker-host/host.ts"

/** The users who may log in. Each but the first lacks something of what a deployment needs. */
export const users = {
  deployer: { groups: "docker", environment: "" },
  /** Not in the group docker. */
  outsider: { groups: "users", environment: "" },
  /** As if Docker was not installed. */
  bare: { groups: "docker", environment: "PATH=/nowhere" },
  /** As if dockerd did not run. */
  stranded: { groups: "docker", environment: "DOCKER_HOST=unix:///nowhere.sock" },
} as const

const addUsers = Object.entries(users).map(([name, { groups, environment }]) => {
  const settings =
    environment && `\nprintf 'Match User ${name}\\nSetEnv ${environment}\\n' >> /etc/ssh/sshd_config`
  return `useradd --create-home --shell /bin/bash --groups ${groups} ${name}
install -d -m 700 -o ${name} -g ${name} /home/${name}/.ssh
install -m 600 -o ${name} -g ${name} /keys/authorized /home/${name}/.ssh/authorized_keys${settings}`
})

const prelude = `mkdir /keys /run/sshd
printenv AUTHORIZED > /keys/authorized
${addUsers.join("\n")}
ssh-keygen -q -A
/usr/sbin/sshd`

/** A host with a swarm of one node, and sshd. */
export class RemoteHost {
  readonly #host: DockerHost

  private constructor(host: DockerHost) {
    this.#host = host
  }

  /** @param publicKey the key that its users accept */
  static async create(name: string, publicKey: string): Promise<RemoteHost> {
    const host = await DockerHost.start({ name, prelude, environment: { AUTHORIZED: publicKey } })
    await host.docker("swarm", "init", "--advertise-addr", host.address)
    return new RemoteHost(host)
  }

  get address(): string {
    return this.#host.address
  }

  /** The kit's registry, as this host knows it. */
  get registry(): string {
    return this.#host.registry
  }

  async inside(command: string): Promise<string> {
    return await this.#host.inside(command)
  }

  /** The line of known_hosts that proves it. */
  async knownHost(): Promise<string> {
    return `${this.address} ${await this.inside("cat /etc/ssh/ssh_host_ed25519_key.pub")}\n`
  }

  async remove(): Promise<void> {
    await this.#host.remove()
  }
}
