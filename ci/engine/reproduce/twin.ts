import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { run } from "../lib/run.ts"
import { accepts, privileges, until } from "../steps/containers.ts"
import { type ProxyMode, throughProxy } from "../steps/proxied.ts"
import { engineContainer, kitLabel } from "../versions.ts"
import { type Detour, startDetour } from "./detour.ts"

/** What Docker says of the engine that runs, as far as another one like it needs it. */
export interface EngineContainer {
  Image: string
  Config: { Env: string[]; Cmd: string[] | null }
  HostConfig: { NetworkMode: string; Binds: string[] | null }
}

/** What the engine fetches: recorded, or taken from an earlier record. */
export interface Fetched {
  mode: ProxyMode
  store: string
}

/** An engine that was started for a moment. */
export interface Twin {
  /** For the CLI's variable that names an engine. */
  address: string
  remove(): Promise<void>
}

const socketFolder = "/run/dagger"
/** The engine's own state and its socket, and what `privileges` mounts. */
const notShared = ["/var/lib/dagger", socketFolder, "/sys/fs/cgroup"]

/**
 * Starts an engine of the same image and settings as the one that runs, be it the kit's or the official one, but with
 * nothing in it. It carries the kit's label: what a killed run leaves behind in Docker, `npm run kit -- clean` removes. It is
 * reached as that one is: through a socket where that has one on this machine, which takes 0.3 s less a call.
 *
 * @param fetched the record of what it fetches; without one it uses the network as the other engine does
 */
export async function startTwin(suffix: string, fetched?: Fetched): Promise<Twin> {
  const name = `lockstep-reproduce-${suffix}`
  const [engine] = JSON.parse(await run("docker", ["container", "inspect", engineContainer]))
  const detour = fetched && (await startDetour(name, fetched.mode, engine.Image, fetched.store))
  const sockets = hasSocket(engine) ? await mkdtemp(join(tmpdir(), "lockstep-engine-")) : undefined
  const remove = async () => {
    await run("docker", ["rm", "-f", name])
    await run("docker", ["volume", "rm", "-f", name])
    await detour?.remove()
    if (sockets) await rm(sockets, { recursive: true })
  }
  try {
    await run("docker", ["volume", "create", "--label", `${kitLabel}=reproduce`, name])
    await run("docker", twinArguments(name, engine, { detour, sockets }))
    const path = sockets && join(sockets, "engine.sock")
    if (path) await until(() => accepts({ path }), name)
    return { address: path ? `unix://${path}` : `docker-container://${name}`, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** What a twin has of its own, each where it has one. */
interface Apart {
  detour?: Pick<Detour, "network" | "proxy"> | undefined
  /** The folder of this machine for its socket. */
  sockets?: string | undefined
}

/** The Docker command line that starts it; its state is in a volume of its own name. */
export function twinArguments(
  name: string,
  engine: EngineContainer,
  { detour, sockets }: Apart = {},
): string[] {
  const shared = bindsOf(engine).filter(bind => !notShared.includes(targetOf(bind)))
  return [
    ...["run", "-d", "--name", name, "--label", `${kitLabel}=reproduce`, ...privileges()],
    ...["--network", detour?.network ?? engine.HostConfig.NetworkMode, "-v", `${name}:/var/lib/dagger`],
    ...(sockets ? ["-v", `${sockets}:${socketFolder}`] : []),
    ...shared.flatMap(bind => ["-v", bind]),
    ...engine.Config.Env.flatMap(variable => ["-e", variable]),
    // Docker takes the last one of two values.
    ...(detour ? throughProxy(detour.proxy) : []),
    ...[engine.Image, ...(engine.Config.Cmd ?? [])],
  ]
}

function hasSocket(engine: EngineContainer): boolean {
  return bindsOf(engine).some(bind => targetOf(bind) === socketFolder)
}

function bindsOf({ HostConfig }: EngineContainer): string[] {
  return HostConfig.Binds ?? []
}

function targetOf(bind: string): string {
  return bind.split(":")[1] ?? ""
}
