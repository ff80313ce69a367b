import { readdir, rm, rmdir } from "node:fs/promises"
import { basename, join } from "node:path"
import { removeLabelled } from "./lib/labelled.ts"
import { exclusively } from "./lib/lock.ts"
import { Progress } from "./lib/progress.ts"
import { run } from "./lib/run.ts"
import { cacheDir, lockDir } from "./offline/place.mjs"
import { removeCli } from "./steps/cli.ts"
import { removeCompose } from "./steps/compose.ts"
import { dockerAnswers } from "./steps/docker.ts"
import { removeMirrored } from "./steps/local-images.ts"
import { leaveSwarm } from "./steps/swarm.ts"
import { engineVolume, kitLabel, nodeImageReference, registryVolume } from "./versions.ts"

/**
 * Removes what the kit made on this machine: containers, images, volumes, the network, the swarm if nothing runs in it,
 * the links to the CLI and to Compose, and the cache folder. Docker itself stays, and so does all that the kit did not make.
 */
export async function clean(): Promise<void> {
  await exclusively("kit clean", () => cleanUp(new Progress()))
  // Whatever else has come in the meantime belongs to another run.
  await rmdir(cacheDir).catch(() => undefined)
}

async function cleanUp(progress: Progress): Promise<void> {
  if (await dockerAnswers()) {
    await progress.step("containers", () => removeLabelled("containers", kitLabel))
    await progress.step("volumes", () => removeVolumes())
    await progress.step("images", () => removeImages())
    await progress.step("network", () => removeLabelled("networks", kitLabel))
    await progress.step("swarm", async note => note(await leaveSwarm()))
  }
  await progress.step("dagger", removeCli)
  await progress.step("compose", removeCompose)
  await progress.step("cache folder", async note => {
    note(cacheDir)
    await emptyCache()
  })
}

/** The lock goes when this run ends: without it another run would start in the middle, and this one would break off. */
async function emptyCache(): Promise<void> {
  const entries = (await readdir(cacheDir)).filter(name => name !== basename(lockDir))
  for (const name of entries) await rm(join(cacheDir, name), { recursive: true, force: true })
}

async function removeImages(): Promise<void> {
  await removeLabelled("images", kitLabel)
  await removeMirrored(nodeImageReference)
}

/** Docker makes most volumes without a label when the containers start; their names are the kit's own. */
async function removeVolumes(): Promise<void> {
  await removeLabelled("volumes", kitLabel)
  const there = (await run("docker", ["volume", "ls", "-q"])).split("\n")
  const own = [engineVolume, registryVolume].filter(name => there.includes(name))
  if (own.length > 0) await run("docker", ["volume", "rm", ...own])
}
