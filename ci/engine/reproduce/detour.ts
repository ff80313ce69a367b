import { realpath } from "node:fs/promises"
import { run } from "../lib/run.ts"
import { artifactPath, ensure, unpacked } from "../lib/store.ts"
import { startProxy } from "../offline/proxy-container.ts"
import { findGo } from "../steps/go.ts"
import type { ProxyMode, TrustedProxy } from "../steps/proxied.ts"
import { proxyBinary } from "../steps/proxy.ts"
import { kitLabel } from "../versions.ts"

/** What stands between an engine and the network. */
export interface Detour {
  network: string
  proxy: TrustedProxy
  remove(): Promise<void>
}

/**
 * A Docker network with a proxy in it that records what an engine fetches, base images included, or that replays it. A
 * network for a replay leads nowhere else.
 *
 * @param image the engine's
 * @param store the folder of the record
 * @returns undefined where a pack is in use: the engine there has no network anyway
 */
export async function startDetour(
  name: string,
  mode: ProxyMode,
  image: string,
  store: string,
): Promise<Detour | undefined> {
  if (unpacked) return undefined
  const binary = await proxyBinary(await findGo())
  await ensure(binary)
  const isolation = mode === "replay" ? ["--internal"] : []
  await run("docker", ["network", "create", ...isolation, "--label", `${kitLabel}=reproduce`, name])
  const container = `${name}-proxy`
  const remove = async () => {
    await run("docker", ["rm", "-f", container])
    await run("docker", ["network", "rm", name])
  }
  try {
    const folder = await realpath(artifactPath(binary))
    const proxy = await startProxy({ name: container, network: name, image, mode, binary: folder, store })
    return { network: name, proxy, remove }
  } catch (error) {
    await remove()
    throw error
  }
}
