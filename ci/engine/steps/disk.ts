import { mkdir, statfs } from "node:fs/promises"
import { KitError } from "../lib/errors.ts"
import type { Note } from "../lib/progress.ts"
import { run } from "../lib/run.ts"
import { cacheDir } from "../lib/store.ts"

const gigabyte = 1e9
/** What a first run writes at most, measured: 3.6 GB in the cache folder, 5 GB in Docker's. */
const needed = { cache: 5 * gigabyte, docker: 6 * gigabyte }
/** Later runs reuse it and need room for build caches only. */
const neededLater = 1 * gigabyte

/**
 * Refuses to start what could only end half-made.
 *
 * @throws KitError KIT_DISK_FULL
 */
export async function checkDisk(firstRun: boolean, note: Note): Promise<void> {
  await mkdir(cacheDir, { recursive: true })
  const dockerRoot = await run("docker", ["info", "--format", "{{.DockerRootDir}}"])
  const free = await freeBytes(cacheDir)
  requireFree(cacheDir, free, firstRun ? needed.cache : neededLater)
  // Docker may be on another machine, or its folder not readable: then it is not for us to judge.
  const dockerFree = await freeBytes(dockerRoot).catch(() => undefined)
  if (dockerFree !== undefined) requireFree(dockerRoot, dockerFree, firstRun ? needed.docker : neededLater)
  note(`${toGigabytes(free)} free`)
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}

function requireFree(path: string, free: number, wanted: number): void {
  if (free >= wanted) return
  throw new KitError("KIT_DISK_FULL", `the disk of ${path} is nearly full`, {
    why: `${toGigabytes(free)} are free, ${toGigabytes(wanted)} are needed`,
    fix: "make room (docker system df shows what Docker holds, npm run kit -- clean removes all of the kit's), or set XDG_CACHE_HOME to a larger disk",
  })
}

function toGigabytes(bytes: number): string {
  return `${(bytes / gigabyte).toFixed(1)} GB`
}
