import type { Note, Progress } from "./lib/progress.ts"
import { run, succeeds } from "./lib/run.ts"
import { type Artifact, ensure, removeDrafts } from "./lib/store.ts"
import { ensureCli, hasCli } from "./steps/cli.ts"
import {
  type ContainerImage,
  ensureEngine,
  ensureRegistry,
  importedImage,
  runningEngine,
} from "./steps/containers.ts"
import { checkDisk } from "./steps/disk.ts"
import { ensureDocker, ensurePackages } from "./steps/docker.ts"
import { engineEnv, engineImage } from "./steps/engine.ts"
import { engineBinaries, findGo, type Go } from "./steps/go.ts"
import { baseImages, publishBaseImage } from "./steps/images.ts"
import { baseRootfs, toolsRootfs } from "./steps/rootfs.ts"
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

async function ensureGo(progress: Progress): Promise<Go> {
  return await progress.step("go", async note => {
    const found = await findGo()
    note(`${found.version} in ${found.root}`)
    return found
  })
}

async function ownEngine(progress: Progress): Promise<void> {
  const go = await ensureGo(progress)
  const binaries = await engineBinaries(go)
  const compiled = progress.step("engine binaries", note => made(binaries, note))
  const [rootfs] = await Promise.all([rootFileSystems(progress), compiled])
  const tools = importedImage(rootfs, "rootfs.tar")
  await progress.step("registry", () => ensureRegistry(tools, "docker-registry"))
  await progress.step("base images", publishBaseImages)
  const image = await engineImage({ go, binaries, rootfs })
  await progress.step("engine image", note => made(image, note))
  const env = { ...(await engineEnv(image)), _DAGGER_ENGINE_SYSTEMENV_GOPROXY: go.proxy }
  await progress.step("engine", () => ensureEngine(importedImage(image, "image.tar"), env))
  await progress.step("dagger", note => ensureCli(binaries, note))
}

async function publishBaseImages(note: Note): Promise<void> {
  for (const image of await baseImages()) {
    await made(image.artifact, note)
    await publishBaseImage(image)
    note(image.reference.replace("library/", ""))
  }
}

/** One after the other beside the compilation: each keeps a core busy. */
async function rootFileSystems(progress: Progress): Promise<Artifact> {
  return await progress.step("debian", async note => {
    await ensurePackages(["mmdebstrap", "debian-archive-keyring"], "mmdebstrap")
    await ensurePackages(["skopeo"], "skopeo")
    const tools = await toolsRootfs()
    await made(tools, note)
    await made(await baseRootfs(), note)
    return tools
  })
}

async function made(artifact: Artifact, note: Note): Promise<void> {
  const { made } = await ensure(artifact)
  note(made ? "made" : "kept")
}
