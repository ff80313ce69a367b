import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { run } from "../lib/run.ts"
import { type Artifact, artifactPath } from "../lib/store.ts"
import type { Parts } from "../parts.ts"
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
import { engineEnv } from "../steps/engine.ts"
import { publishBaseImage } from "../steps/images.ts"
import { environment, type TrustedProxy, throughProxy } from "../steps/proxied.ts"
import { kitLabel, registryPort } from "../versions.ts"
import { addressOf, startProxy } from "./proxy-container.ts"

/** Where things are recorded: an engine that has nothing, a registry and a proxy, beside those in use. */
export class Stage {
  /** Also the first part of the names of all that belongs to it; the label lets `kit clean` remove what is left. */
  readonly name: string
  readonly proxy: TrustedProxy
  readonly image: string
  readonly #started: string[]

  private constructor(name: string, proxy: TrustedProxy, image: string, started: string[]) {
    this.name = name
    this.proxy = proxy
    this.image = image
    this.#started = started
  }

  /**
   * @param parts what the engine is made of
   * @param dir takes what is recorded, in `packages`, and files that the containers need
   */
  static async start(parts: Parts, proxy: Artifact, dir: string): Promise<Stage> {
    const name = `lockstep-pack-${process.pid}`
    const started: string[] = []
    try {
      await run("docker", ["network", "create", "--label", `${kitLabel}=pack`, name])
      const tools = importedImage(parts.rootfs, "rootfs.tar")
      await tools.load()
      started.push(`${name}-proxy`)
      const recorder = await startProxy({
        ...{ name: `${name}-proxy`, network: name, image: tools.reference, mode: "record" },
        ...{ binary: artifactPath(proxy), store: join(dir, "packages") },
      })
      const registry = await startRegistry(name, tools.reference, parts, dir, started)
      await startEngine(name, parts, registry, recorder, dir, started)
      return new Stage(name, recorder, tools.reference, started)
    } catch (error) {
      await removeAll(name, started)
      throw error
    }
  }

  /** For the CLI's variable that names an engine. */
  get engine(): string {
    return `docker-container://${this.name}-engine`
  }

  async remove(): Promise<void> {
    await removeAll(this.name, this.#started)
  }
}

async function removeAll(network: string, containers: string[]): Promise<void> {
  if (containers.length > 0) await run("docker", ["rm", "-f", "-v", ...containers])
  await run("docker", ["network", "rm", network])
}

/** @returns its address, with the base images in it */
async function startRegistry(
  network: string,
  image: string,
  parts: Parts,
  dir: string,
  started: string[],
): Promise<string> {
  const config = join(dir, "registry.yml")
  await writeFile(config, registryConfig)
  const options = ["-v", `${config}:/registry.yml:ro`, "-v", "/var/lib/docker-registry"]
  const command = ["docker-registry", "serve", "/registry.yml"]
  const address = await startContainer(network, "registry", [...options, image, ...command], started)
  await until(() => accepts({ host: address, port: registryPort }), `${network}-registry`)
  for (const base of parts.bases) await publishBaseImage(base, `${address}:${registryPort}`)
  return `${address}:${registryPort}`
}

async function startEngine(
  network: string,
  parts: Parts,
  registry: string,
  recorder: TrustedProxy,
  dir: string,
  started: string[],
): Promise<void> {
  const config = join(dir, "engine.json")
  await writeFile(config, engineConfig(registry))
  const image = importedImage(parts.image, "image.tar")
  await image.load()
  const variables = {
    ...engineTuning,
    ...(await engineEnv(parts.image)),
    _DAGGER_ENGINE_SYSTEMENV_GOPROXY: parts.go.proxy,
  }
  const options = [
    ...[...privileges(), "-v", `${config}:${engineConfigFile}:ro`, "-v", "/var/lib/dagger"],
    ...[...environment(variables), ...throughProxy(recorder, registry.split(":")[0] ?? "")],
  ]
  await startContainer(network, "engine", [...options, image.reference, "dagger-engine"], started)
}

/** @returns its address in the network */
async function startContainer(
  network: string,
  part: string,
  options: string[],
  started: string[],
): Promise<string> {
  const name = `${network}-${part}`
  // A container that could not start is there as well.
  started.push(name)
  const labelled = ["--name", name, "--label", `${kitLabel}=pack`, "--network", network]
  await run("docker", ["run", "-d", ...labelled, ...options])
  return await addressOf(name)
}
