import { existsSync } from "node:fs"
import { copyFile, mkdir, mkdtemp, readdir, rm } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"
import { KitError } from "../lib/errors.ts"
import { interruption } from "../lib/interruption.ts"
import type { Note, Progress } from "../lib/progress.ts"
import { run } from "../lib/run.ts"
import { cacheDir, removeDrafts, unpacked } from "../lib/store.ts"
import { made, makeParts } from "../parts.ts"
import { pluginBinaries } from "../steps/compose.ts"
import { ensureDocker, ensurePackages } from "../steps/docker.ts"
import { proxyBinary } from "../steps/proxy.ts"
import { databaseSetting } from "../steps/settings.ts"
import { record } from "./record.ts"
import { Stage } from "./stage.ts"
import { writePack } from "./write.ts"

export interface PackOptions {
  /** The file to write; one in `dist` unless given. */
  file: string | undefined
  /** The folder of a vulnerability database that goes along; the one of the clone's settings unless given. */
  database: string | undefined
}

/**
 * Writes one file with all that a machine without network needs: what the kit has made, and every package that the
 * pipeline's calls fetch on an engine that has nothing. The engine in use and what is deployed are not touched.
 */
export async function pack(progress: Progress, projectDir: string, options: PackOptions): Promise<void> {
  if (unpacked) throw alreadyOffline()
  const database = options.database ?? (await databaseSetting(projectDir))
  const archives = database === undefined ? [] : await archivesIn(resolve(projectDir, database))
  const commit = await run("git", ["rev-parse", "HEAD"], { cwd: projectDir })
  const file = resolve(
    options.file ?? join(projectDir, "dist", `lockstep-${commit.slice(0, 12)}-${process.arch}.tar`),
  )
  progress.say(`Packing commit ${commit} for machines without network`)
  await removeDrafts()
  await mkdir(cacheDir, { recursive: true })
  const dir = await mkdtemp(join(cacheDir, "draft-pack-"))
  try {
    if (database !== undefined)
      await progress.step("vulnerabilities", note => copyDatabase(archives, dir, note))
    const { bytes, id } = await packInto(progress, { projectDir, commit, dir, file })
    progress.say(
      `\n${file}: ${(bytes / 1e6).toFixed(0)} MB after ${progress.elapsed()}, SHA-256 of its manifest ${id}`,
    )
    progress.say("On the other machine, in a clone of this commit: npm run kit -- unpack FILE")
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

interface Packing {
  projectDir: string
  commit: string
  dir: string
  file: string
}

async function packInto(
  progress: Progress,
  { projectDir, commit, dir, file }: Packing,
): Promise<{ bytes: number; id: string }> {
  const interrupted = interruption()
  await progress.step("docker", ensureDocker)
  await ensurePackages(["zstd"], "zstd")
  const parts = await makeParts(progress)
  const proxy = await proxyBinary(parts.go)
  await progress.step("proxy", note => made(proxy, note))
  const compose = await pluginBinaries()
  await progress.step("compose", note => made(compose, note))
  const stage = await progress.step("stage", () => Stage.start(parts, proxy, dir))
  try {
    await record(progress, { projectDir, dir, stage, parts, interrupted })
  } finally {
    await progress.step("remove stage", () => stage.remove())
  }
  interrupted.throwIfAborted()
  await mkdir(dirname(file), { recursive: true })
  return await progress.step("write", note =>
    writePack({ projectDir, commit, dir, file, parts, programs: [proxy, compose] }, note),
  )
}

/** @returns the archives of a vulnerability database, one for each ecosystem */
async function archivesIn(database: string): Promise<string[]> {
  const entries = await readdir(database).catch(() => [])
  const archives = entries.map(name => join(database, name, "all.zip")).filter(existsSync)
  if (archives.length > 0) return archives
  throw new KitError("KIT_PACK_DATABASE", "there is no vulnerability database to pack", {
    why: `${database} has no folder with a file all.zip`,
    fix: "name the folder that dagger call refresh-db wrote: --vulnerability-db=DIR, or VULNERABILITYDB in .env",
  })
}

async function copyDatabase(archives: readonly string[], dir: string, note: Note): Promise<void> {
  for (const archive of archives) {
    const ecosystem = join(dir, "vulnerability-db", basename(dirname(archive)))
    await mkdir(ecosystem, { recursive: true })
    await copyFile(archive, join(ecosystem, basename(archive)))
  }
  note(archives.map(archive => basename(dirname(archive))).join(", "))
}

function alreadyOffline(): KitError {
  return new KitError("KIT_PACK_OFFLINE", "this machine works from a pack, and cannot make one", {
    why: "what goes into a pack is fetched from the network",
    fix: "copy the pack that was unpacked here, or make one on a machine with network",
  })
}
