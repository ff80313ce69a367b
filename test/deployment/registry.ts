import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { run } from "../../ci/engine/lib/run.ts"
import { registryConfig, until } from "../../ci/engine/steps/containers.ts"
import { network, registryContainer } from "../../ci/engine/versions.ts"
import { freePort } from "./real-docker.ts"

/** A registry like the kit's, which a test may stop. It is in the kit's network, and has a port of the host. */
export class TestRegistry {
  readonly address: string
  /** As containers of the kit's network reach it. */
  readonly inside: string
  readonly #name: string
  readonly #folder: string

  private constructor(name: string, port: number, ip: string, folder: string) {
    this.address = `localhost:${port}`
    this.inside = `${ip}:5000`
    this.#name = name
    this.#folder = folder
  }

  static async start(): Promise<TestRegistry> {
    const port = await freePort()
    const name = `lockstep-test-registry-${port}`
    const folder = await mkdtemp(join(tmpdir(), "lockstep-registry-"))
    await writeFile(join(folder, "registry.yml"), registryConfig)
    const image = await run("docker", ["inspect", "--format", "{{.Config.Image}}", registryContainer])
    const command = await run("docker", ["inspect", "--format", "{{index .Config.Cmd 0}}", registryContainer])
    await run("docker", [
      ...["run", "-d", "--name", name, "--label", "io.lockstep.test=registry", "--network", network],
      ...[
        "-p",
        `127.0.0.1:${port}:5000`,
        "-v",
        `${folder}:/etc/lockstep:ro`,
        "-v",
        "/var/lib/docker-registry",
      ],
      ...[image, command, "serve", "/etc/lockstep/registry.yml"],
    ])
    const format = `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`
    const registry = new TestRegistry(
      name,
      port,
      await run("docker", ["inspect", "-f", format, name]),
      folder,
    )
    await registry.ready()
    return registry
  }

  async stop(): Promise<void> {
    await run("docker", ["stop", "--time", "0", this.#name])
  }

  /** After `stop`, with all that it had. */
  async continue(): Promise<void> {
    await run("docker", ["start", this.#name])
    await this.ready()
  }

  /** @param reference by digest */
  async delete(reference: string): Promise<void> {
    const [name, digest] = reference.slice(reference.indexOf("/") + 1).split("@")
    const url = `http://${this.address}/v2/${name}/manifests/${digest}`
    const { status } = await fetch(url, { method: "DELETE" })
    if (status !== 202) throw new Error(`DELETE ${url}: ${status}`)
  }

  async remove(): Promise<void> {
    await run("docker", ["rm", "-f", "-v", this.#name])
    await rm(this.#folder, { recursive: true, force: true })
  }

  private async ready(): Promise<void> {
    // A connection that is taken and never answered would else be waited for longer than the test may take.
    const answers = () =>
      fetch(`http://${this.address}/v2/`, { signal: AbortSignal.timeout(2000) }).then(({ ok }) => ok)
    await until(() => answers().catch(() => false), this.#name)
  }
}
