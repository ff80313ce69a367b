import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { run } from "../lib/run.ts"
import { type Artifact, artifactPath } from "../lib/store.ts"
import { engineVariables, type Parts } from "../parts.ts"
import {
  accepts,
  engineConfig,
  engineConfigFile,
  engineTuning,
  importedImage,
  privileges,
  registryConfig,
  until,
} from "../steps/containers.ts"
import { publishBaseImage } from "../steps/images.ts"
import { environment, type TrustedProxy, throughProxy } from "../steps/proxied.ts"
import { kitLabel, registryPort } from "../versions.ts"
import { addressOf, startProxy } from "./proxy-container.ts"

/** Where things are recorded: an engine that has nothing, a registry and a proxy, beside those in use. */
export class Stage {
  /** Also the first part of the names of all that belongs to it; the label lets `kit clean` remove what is left. */
  readonly name = `lockstep-pack-${process.pid}`
  /** Debian with the registry's program, as a Docker image. */
  readonly image: string
  readonly #parts: Parts
  readonly #dir: string
  readonly #containers: string[] = []
  #proxy: TrustedProxy | undefined

  private constructor(parts: Parts, image: string, dir: string) {
    this.#parts = parts
    this.image = image
    this.#dir = dir
  }

  /**
   * @param parts what the engine is made of
   * @param dir takes what is recorded, in `packages`, and files that the containers need
   */
  static async start(parts: Parts, proxy: Artifact, dir: string): Promise<Stage> {
    const tools = importedImage(parts.rootfs, "rootfs.tar")
    await tools.load()
    const stage = new Stage(parts, tools.reference, dir)
    await run("docker", ["network", "create", "--label", label, stage.name])
    try {
      await stage.#startProxy(artifactPath(proxy))
      await stage.#startEngine(await stage.#startRegistry())
    } catch (error) {
      await stage.remove()
      throw error
    }
    return stage
  }

  /** For the CLI's variable that names an engine. */
  get engine(): string {
    return `docker-container://${this.name}-engine`
  }

  get proxy(): TrustedProxy {
    if (!this.#proxy) throw new Error("the proxy was not started")
    return this.#proxy
  }

  async remove(): Promise<void> {
    if (this.#containers.length > 0) await run("docker", ["rm", "-f", "-v", ...this.#containers])
    await run("docker", ["network", "rm", this.name])
  }

  async #startProxy(binary: string): Promise<void> {
    const name = `${this.name}-proxy`
    this.#containers.push(name)
    const store = join(this.#dir, "packages")
    this.#proxy = await startProxy({
      name,
      network: this.name,
      image: this.image,
      mode: "record",
      binary,
      store,
    })
  }

  /** @returns its address; the base images are in it */
  async #startRegistry(): Promise<string> {
    const config = join(this.#dir, "registry.yml")
    await writeFile(config, registryConfig)
    const options = ["-v", `${config}:/registry.yml:ro`, ...volume("/var/lib/docker-registry")]
    const command = ["docker-registry", "serve", "/registry.yml"]
    const host = await this.#startContainer("registry", [...options, this.image, ...command])
    await until(() => accepts({ host, port: registryPort }), `${this.name}-registry`)
    for (const base of this.#parts.bases) await publishBaseImage(base, `${host}:${registryPort}`)
    return host
  }

  async #startEngine(registry: string): Promise<void> {
    const config = join(this.#dir, "engine.json")
    await writeFile(config, engineConfig(`${registry}:${registryPort}`))
    const image = importedImage(this.#parts.image, "image.tar")
    await image.load()
    const variables = { ...engineTuning, ...(await engineVariables(this.#parts)) }
    const options = [
      ...[...privileges(), "-v", `${config}:${engineConfigFile}:ro`, ...volume("/var/lib/dagger")],
      ...[...environment(variables), ...throughProxy(this.proxy, registry)],
    ]
    await this.#startContainer("engine", [...options, image.reference, "dagger-engine"])
  }

  /** @returns its address in the network */
  async #startContainer(part: string, options: string[]): Promise<string> {
    const name = `${this.name}-${part}`
    // A container that could not start is there as well.
    this.#containers.push(name)
    await run("docker", ["run", "-d", "--name", name, "--label", label, "--network", this.name, ...options])
    return await addressOf(name)
  }
}

const label = `${kitLabel}=pack`

/** A volume of that container alone, which goes with it; the label is for `kit clean`, after a run that was killed. */
function volume(path: string): string[] {
  return ["--mount", `type=volume,dst=${path},volume-label=${label}`]
}
