import type { Progress } from "./lib/progress.ts"
import { run, succeeds } from "./lib/run.ts"
import { artifactPath, removeDrafts, unpacked } from "./lib/store.ts"
import { engineVariables, ensureGo, made, makeParts } from "./parts.ts"
import { ensureCli, hasCli } from "./steps/cli.ts"
import {
  type ContainerImage,
  ensureEngine,
  ensureRegistry,
  ensureReplay,
  importedImage,
  runningEngine,
} from "./steps/containers.ts"
import { checkDisk } from "./steps/disk.ts"
import { ensureDocker } from "./steps/docker.ts"
import { engineBinaries, findGo } from "./steps/go.ts"
import { publishBaseImage } from "./steps/images.ts"
import type { TrustedProxy } from "./steps/proxied.ts"
import { proxyBinary } from "./steps/proxy.ts"
import { ensureSettings } from "./steps/settings.ts"
import { ensureSwarm } from "./steps/swarm.ts"
import { versions } from "./versions.ts"

/**
 * Leaves this machine able to run `dagger call` and to deploy. Everything that is there already is used as it is; what
 * a run has finished is kept when it is interrupted.
 */
export async function up(progress: Progress, projectDir: string): Promise<void> {
  await removeDrafts()
  await progress.step("docker", ensureDocker)
  await progress.step("disk", async note => await checkDisk((await runningEngine()) === "none", note))
  await progress.step("swarm", ensureSwarm)
  if (await usesOfficialEngine()) await officialEngine(progress)
  else await ownEngine(progress)
  await progress.step("settings", async note => note(await ensureSettings(projectDir)))
}

/** The official engine is used where it runs already or can be pulled; the choice can be forced for a try. */
async function usesOfficialEngine(): Promise<boolean> {
  const forced = process.env.LOCKSTEP_ENGINE
  if (forced) return forced === "official"
  // A pack holds the kit's own engine, and nothing can be pulled beside it.
  if (unpacked) return false
  const running = await runningEngine()
  if (running !== "none") return running === "other"
  return await succeeds("docker", ["manifest", "inspect", officialEngineImage], { timeout: 15_000 })
}

const officialEngineImage = `registry.dagger.io/engine:v${versions.dagger}`

/** The CLI starts the official engine by itself; only the CLI and a registry for the deployed images are missing. */
async function officialEngine(progress: Progress): Promise<void> {
  const reference = `registry:${versions.registry}`
  const image: ContainerImage = { reference, load: () => run("docker", ["pull", reference]) }
  await progress.step("registry", () => ensureRegistry(image, "registry"))
  if (await hasCli()) return
  const binaries = await engineBinaries(await ensureGo(progress))
  await progress.step("dagger binaries", note => made(binaries, note))
  await progress.step("dagger", note => ensureCli(binaries, note))
}

async function ownEngine(progress: Progress): Promise<void> {
  const parts = await makeParts(progress)
  const tools = importedImage(parts.rootfs, "rootfs.tar")
  await progress.step("registry", () => ensureRegistry(tools, "docker-registry"))
  await progress.step("publish", async note => {
    for (const image of parts.bases) await publishBaseImage(image)
    note("base images, to the registry")
  })
  const proxy = unpacked ? await startReplayProxy(progress, tools) : undefined
  const env = await engineVariables(parts)
  await progress.step("engine", () => ensureEngine(importedImage(parts.image, "image.tar"), env, proxy))
  await progress.step("dagger", note => ensureCli(parts.binaries, note))
}

/** Where a pack is in use, the engine fetches what it needs from this container. */
async function startReplayProxy(progress: Progress, image: ContainerImage): Promise<TrustedProxy> {
  const binary = artifactPath(await proxyBinary(await findGo()))
  return await progress.step("proxy", () => ensureReplay(image, binary))
}
