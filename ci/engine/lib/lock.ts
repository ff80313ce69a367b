import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { lock } from "proper-lockfile"
import { cacheDir, lockDir } from "../offline/place.mjs"
import { KitError } from "./errors.ts"

/**
 * Runs the work while no other run of the kit on this machine does. A run that was killed frees the lock by itself
 * after ten seconds.
 *
 * @throws KitError KIT_BUSY, naming the other run.
 */
export async function exclusively<T>(purpose: string, work: () => Promise<T>): Promise<T> {
  await mkdir(cacheDir, { recursive: true })
  const owner = join(cacheDir, "owner")
  const release = await lock(cacheDir, {
    lockfilePath: lockDir,
    stale: 10_000,
    update: 2_000,
  }).catch(async error => {
    throw error.code === "ELOCKED" ? await busy(owner) : error
  })
  try {
    await writeFile(
      owner,
      `${purpose}, process ${process.pid}, in ${process.cwd()}, since ${new Date().toISOString()}`,
    )
    return await work()
  } finally {
    await release()
  }
}

async function busy(owner: string): Promise<KitError> {
  return new KitError("KIT_BUSY", "another run of the kit is at work on this machine", {
    why: `it holds the lock: ${await readFile(owner, "utf8").catch(() => "owner not known yet")}`,
    fix: "wait until it has finished, or stop it; after a crash, wait ten seconds and run the same command again",
  })
}
