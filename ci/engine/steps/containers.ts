import { mkdir, realpath, stat, writeFile } from "node:fs/promises"
import { connect } from "node:net"
import { dirname, join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { KitError } from "../lib/errors.ts"
import { run, succeeds } from "../lib/run.ts"
import { type Artifact, artifactPath, cacheDir, keyOf } from "../lib/store.ts"
import { authorityDir, packLink } from "../offline/place.mjs"
import {
  engineContainer,
  engineSocket,
  engineVolume,
  kitLabel,
  network,
  proxyContainer,
  proxyPort,
  registryContainer,
  registryPort,
  registryVolume,
} from "../versions.ts"
import {
  environment,
  proxyCommand,
  proxyMounts,
  proxySettings,
  type TrustedProxy,
  throughProxy,
} from "./proxied.ts"

/** The public registries of the base images. */
const mirroredRegistries = ["docker.io", "gcr.io"]

interface ContainerSpec {
  name: string
  image: ContainerImage
  /** A file of settings that is mounted read-only. */
  config?: { target: string; content: string }
  /** Options and the command of `docker run`, from the network on. */
  options: string[]
  command: string[]
}

export const registryConfig = `version: 0.1
log: { level: warn }
storage:
  filesystem: { rootdirectory: /var/lib/docker-registry }
  delete: { enabled: true }
http: { addr: ":5000" }
`

/** An image and the way to have it in Docker. */
export interface ContainerImage {
  reference: string
  load(): Promise<unknown>
}

/**
 * The registry that mirrors the base images and holds the images that are deployed.
 *
 * @param binary the registry's program in that image
 */
export async function ensureRegistry(image: ContainerImage, binary: string): Promise<void> {
  const gateway = await ensureNetwork()
  await ensureContainer({
    name: registryContainer,
    image,
    config: { target: "/etc/lockstep/registry.yml", content: registryConfig },
    options: [
      ...["--network", network, "-v", `${registryVolume}:/var/lib/docker-registry`],
      ...["-p", `127.0.0.1:${registryPort}:5000`, "-p", `${gateway}:${registryPort}:5000`],
    ],
    command: [binary, "serve", "/etc/lockstep/registry.yml"],
  })
  await until(() => registryAnswers(), registryContainer)
}

export async function registryAnswers(): Promise<boolean> {
  const url = `http://localhost:${registryPort}/v2/`
  return await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    answer => answer.ok,
    () => false,
  )
}

/**
 * The proxy that answers from the pack in use.
 *
 * @param binary the folder of its program
 */
export async function ensureReplay(image: ContainerImage, binary: string): Promise<TrustedProxy> {
  const gateway = await ensureNetwork()
  await mkdir(authorityDir, { recursive: true })
  await ensureContainer({
    name: proxyContainer,
    image,
    options: [
      ...["--network", network, "-p", `${gateway}:${proxyPort}:${proxyPort}`],
      ...proxyMounts({ binary: await realpath(binary), store: join(await realpath(packLink), "packages") }),
    ],
    command: proxyCommand("replay"),
  })
  await until(() => accepts({ host: gateway, port: proxyPort }), proxyContainer)
  return await replayProxy()
}

/** Where the engine and Docker's own builds reach that proxy. */
export async function replayProxy(): Promise<TrustedProxy> {
  return {
    url: `http://${await ensureNetwork()}:${proxyPort}`,
    certificate: join(authorityDir, "authority.crt"),
  }
}

/** The engine, under the name by which a plain `dagger call` finds it. */
export async function ensureEngine(
  image: ContainerImage,
  env: Record<string, string>,
  proxy?: TrustedProxy,
): Promise<void> {
  const gateway = await ensureNetwork()
  await ensureContainer({
    name: engineContainer,
    image,
    config: { target: engineConfigFile, content: engineConfig(`${gateway}:${registryPort}`) },
    options: [
      ...["--network", network, ...privileges(), "-v", `${engineVolume}:/var/lib/dagger`],
      ...["-v", `${dirname(engineSocket)}:/run/dagger`],
      ...environment({ ...engineTuning, ...env, ...proxySettings(gateway) }),
      ...(proxy ? throughProxy(proxy, gateway) : []),
    ],
    command: ["dagger-engine", "--group", String(await dockerGroup())],
  })
  await until(() => accepts({ path: engineSocket }), engineContainer)
}

export const engineConfigFile = "/etc/dagger/engine.json"
/** A fifth of the engine's time in a call was garbage collection. */
export const engineTuning = { GOGC: "400" }

/** Who may use Docker may use the engine. */
async function dockerGroup(): Promise<number> {
  return (await stat("/var/run/docker.sock")).gid
}

export async function accepts(address: { path: string } | { host: string; port: number }): Promise<boolean> {
  return await new Promise(resolve => {
    const socket = connect(address)
    const answer = (accepted: boolean) => {
      socket.destroy()
      resolve(accepted)
    }
    socket.once("connect", () => answer(true)).once("error", () => answer(false))
  })
}

/**
 * Public image names resolve to the kit's registry. The engine has a name server of its own that does not know Docker's
 * names, so the registry is reached at the network's gateway, which stays the same while the network exists.
 *
 * By default the engine throws away what it keeps as soon as less than a fifth of the disk is free, also in the middle
 * of a call. What it has loaded from a clone it then asks for again, and the clone may be gone.
 *
 * By default it keeps up to three quarters of the disk as well. What the tests need is 20 GB; the rest of 40 GB is for
 * what somebody may come back to. At the limit it would throw something away after each call, the newest first: what
 * was never used again has no time of its last use. So it makes much room at once, and rarely.
 */
export function engineConfig(registry: string): string {
  const mirrored = Object.fromEntries(mirroredRegistries.map(name => [name, { mirrors: [registry] }]))
  const gc = { minFreeSpace: "5%", maxUsedSpace: "40GB", reservedSpace: "5GB", sweepSize: "20GB" }
  return JSON.stringify({ gc, registries: { ...mirrored, [registry]: { http: true } } })
}

/**
 * All that --privileged gives but CAP_SYS_RESOURCE, which a virtual machine's root may lack: --privileged fails there,
 * this works everywhere.
 */
export function privileges(): string[] {
  const unconfined = ["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"]
  return [
    ...["--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE"],
    ...unconfined.flatMap(option => ["--security-opt", option]),
    ...["-v", "/sys/fs/cgroup:/sys/fs/cgroup:rw", "--device", "/dev/fuse"],
  ]
}

/** @returns the gateway's address: the host, as the network's containers see it */
async function ensureNetwork(): Promise<string> {
  const inspect = ["network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", network]
  const known = await run("docker", inspect).catch(() => undefined)
  if (known !== undefined) return known
  await run("docker", ["network", "create", "--label", kitLabel, network])
  return await run("docker", inspect)
}

/** Runs the container unless one of the same content does; one of the kit's with other content is replaced. */
async function ensureContainer(spec: ContainerSpec): Promise<void> {
  const key = keyOf(spec.image.reference, spec.config, spec.options, spec.command)
  const found = await inspect(spec.name)
  if (found?.key === key) {
    if (!found.running) await run("docker", ["start", spec.name])
    return
  }
  if (found) await removeOwn(spec.name, found.key)
  await spec.image.load()
  const started = run("docker", [
    ...["run", "-d", "--name", spec.name, "--label", `${kitLabel}=${key}`, "--restart", "unless-stopped"],
    ...[...(await mountedConfig(spec)), ...spec.options, spec.image.reference, ...spec.command],
  ])
  await started.catch(async error => {
    // Docker leaves a container behind that could not start.
    await run("docker", ["rm", "-f", spec.name])
    throw portTaken(error) ?? error
  })
}

async function mountedConfig({ name, config }: ContainerSpec): Promise<string[]> {
  if (!config) return []
  const settings = join(cacheDir, `${name}.conf`)
  await writeFile(settings, config.content)
  return ["-v", `${settings}:${config.target}:ro`]
}

/** @returns undefined when Docker complains about something else than a port */
export function portTaken(error: KitError): KitError | undefined {
  const address = /(\S+:\d+)[^\n]*(?:port is already allocated|address already in use)/.exec(error.why)?.[1]
  if (!address) return undefined
  return new KitError("KIT_PORT_TAKEN", `${address} is taken by another program`, {
    why: error.why,
    fix: `free the port (ss -ltnp shows who has it) and run the same command again`,
    cause: error,
  })
}

async function removeOwn(name: string, key: string): Promise<void> {
  if (!key) {
    throw new KitError("KIT_NAME_TAKEN", `a container named ${name} is there, and the kit did not make it`, {
      why: `it does not carry the label ${kitLabel}`,
      fix: `remove it (docker rm -f ${name}) if you don't need it, then run the same command again`,
    })
  }
  await run("docker", ["rm", "-f", name])
}

async function inspect(name: string): Promise<{ key: string; running: boolean } | undefined> {
  const format = `{{index .Config.Labels "${kitLabel}"}} {{.State.Running}}`
  const said = await run("docker", ["container", "inspect", "--format", format, name]).catch(() => undefined)
  if (said === undefined) return undefined
  const [key = "", running = ""] = said.split(" ")
  return { key, running: running === "true" }
}

/** The tar file of an artifact as a Docker image, named by its key. */
export function importedImage(artifact: Artifact, tarFile: string): ContainerImage {
  const reference = `lockstep/${artifact.name}:${artifact.key}`
  const path = "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
  const changes = ["-c", `LABEL ${kitLabel}=${artifact.key}`, "-c", path]
  return {
    reference,
    async load() {
      if (await succeeds("docker", ["image", "inspect", reference])) return
      await run("docker", ["import", ...changes, join(artifactPath(artifact), tarFile), reference])
    },
  }
}

/** What runs under the engine's name: the kit's, somebody else's (the CLI's own, say), or nothing. */
export async function runningEngine(): Promise<"kit" | "other" | "none"> {
  const found = await inspect(engineContainer)
  if (!found?.running) return "none"
  return found.key ? "kit" : "other"
}

export async function until(ready: () => Promise<boolean>, container: string): Promise<void> {
  for (let tried = 0; tried < 60; tried++) {
    if (await ready()) return
    await sleep(500)
  }
  throw new KitError("KIT_CONTAINER_START", `the container ${container} was started but does not answer`, {
    why: await run("docker", ["logs", "--tail", "10", container], { all: true }).catch(
      () => "it left no log",
    ),
    fix: `read docker logs ${container}, mend the cause and run the same command again; npm run kit -- clean starts from nothing`,
  })
}
