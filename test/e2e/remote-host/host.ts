import { run, succeeds } from "../../../ci/engine/lib/run.ts"
import { privileges, until } from "../../../ci/engine/steps/containers.ts"
import { network, registryPort } from "../../../ci/engine/versions.ts"
import { hostImage } from "./image.ts"

/** Addresses of the host's own Docker, apart from those of the Docker around it. */
const daemon = "dockerd --bip 10.215.0.1/24 --default-address-pool base=10.216.0.0/16,size=24"

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

const start = (registry: string) => `set -e
mkdir /keys /run/sshd
printenv AUTHORIZED > /keys/authorized
${addUsers.join("\n")}
ssh-keygen -q -A
/usr/sbin/sshd
exec ${daemon} --insecure-registry ${registry}`

/** A host of its own: a container with dockerd, a swarm of one node, and sshd. It takes images from the kit's registry. */
export class RemoteHost {
  readonly #name: string
  readonly address: string
  /** The kit's registry, as this host knows it. */
  readonly registry: string

  private constructor(name: string, address: string, registry: string) {
    this.#name = name
    this.address = address
    this.registry = registry
  }

  /** @param publicKey the key that its users accept */
  static async create(name: string, publicKey: string): Promise<RemoteHost> {
    const registry = `${await gateway()}:${registryPort}`
    await run("docker", [
      ...["run", "-d", "--init", "--name", name, "--label", "io.lockstep.test=remote-host"],
      ...["--network", network, ...privileges(), "-v", "/var/lib/docker", "-e", `AUTHORIZED=${publicKey}`],
      ...[await hostImage(), "bash", "-c", start(registry)],
    ])
    await until(() => succeeds("docker", ["exec", name, "docker", "version"]), name)
    const host = new RemoteHost(name, await addressOf(name), registry)
    await host.inside(`docker swarm init --advertise-addr ${host.address}`)
    return host
  }

  async inside(command: string): Promise<string> {
    return await run("docker", ["exec", this.#name, "bash", "-c", command])
  }

  /** The line of known_hosts that proves it. */
  async knownHost(): Promise<string> {
    return `${this.address} ${await this.inside("cat /etc/ssh/ssh_host_ed25519_key.pub")}\n`
  }

  /** What runs in it goes first: the control groups of its containers would stay behind. */
  async remove(): Promise<void> {
    await this.inside("docker ps -aq | xargs -r docker rm -f").catch(() => undefined)
    await run("docker", ["rm", "-f", "-v", this.#name])
  }
}

async function gateway(): Promise<string> {
  return await run("docker", ["network", "inspect", "-f", "{{(index .IPAM.Config 0).Gateway}}", network])
}

async function addressOf(name: string): Promise<string> {
  return await run("docker", [
    "inspect",
    "-f",
    `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`,
    name,
  ])
}
