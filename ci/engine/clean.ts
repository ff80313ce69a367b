import { readdir, rm, rmdir } from "node:fs/promises"
import { basename, join } from "node:path"
import { exclusively } from "./lib/lock.ts"
import { Progress } from "./lib/progress.ts"
import { run } from "./lib/run.ts"
import { cacheDir, lockDir } from "./offline/place.mjs"
import { removeCli } from "./steps/cli.ts"
import { dockerAnswers } from "./steps/docker.ts"
import { leaveSwarm } from "./steps/swarm.ts"
import { engineVolume, kitLabel, registryVolume } from "./versions.ts"

/**
 * Removes what the kit made on this machine: containers, images, volumes, the network, the swarm if nothing runs in it,
 * the link to the CLI and the cache folder. Docker itself stays, and so does all that the kit did not make.
 */
export async function clean(): Promise<void> {
  await exclusively("kit clean", () => cleanUp(new Progress()))
  // Whatever else has come in the meantime belongs to another run.
  await rmdir(cacheDir).catch(() => undefined)
}

async function cleanUp(progress: Progress): Promise<void> {
  if (await dockerAnswers()) {
    await progress.step("containers", () => removeLabelled(["ps", "-aq"], ["rm", "-f"]))
    await progress.step("volumes", () => removeVolumes())
    await progress.step("images", () => removeLabelled(["images", "-q"], ["rmi", "-f"]))
    await progress.step("network", () => removeLabelled(["network", "ls", "-q"], ["network", "rm"]))
    await progress.step("swarm", async note => note(await leaveSwarm()))
  }
  await progress.step("dagger", removeCli)
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

async function removeLabelled(list: string[], remove: string[]): Promise<void> {
  const found = await run("docker", [...list, "--filter", `label=${kitLabel}`])
  const ids = [...new Set(found.split("\n"))].filter(Boolean)
  if (ids.length > 0) await run("docker", [...remove, ...ids])
}

/** Docker makes most volumes without a label when the containers start; their names are the kit's own. */
async function removeVolumes(): Promise<void> {
  await removeLabelled(["volume", "ls", "-q"], ["volume", "rm"])
  const there = (await run("docker", ["volume", "ls", "-q"])).split("\n")
  const own = [engineVolume, registryVolume].filter(name => there.includes(name))
  if (own.length > 0) await run("docker", ["volume", "rm", ...own])
}
