import { randomBytes } from "node:crypto"
import { readdirSync, statSync, unlinkSync } from "node:fs"
import { basename, dirname, extname, join } from "node:path"
import { isGone } from "./gone.ts"

/** A full file of the past: `backend.20261124T132342123Z-a1b2c3.log`, and `.gz` behind that when compressed. */
export interface Archive {
  readonly path: string
  readonly bytes: number
}

export interface Archives {
  /** A path that no other has; later ones sort behind. */
  newPath(now: number): string
  /** Oldest first, those of earlier processes included. */
  list(): Archive[]
  /** Removes what a compression that was cut off left behind. */
  removeRemains(): void
  /** Removes the oldest until at most `maxFiles` with at most `maxBytes` together are left. */
  prune(maxFiles: number, maxBytes: number): void
}

/** Suffix of a compressed file that is not whole yet. */
export const unfinishedSuffix = ".gz.part"

/** Knows the archives of one log file by their names; other files in the folder are left alone. */
export function createArchives(logFile: string): Archives {
  const folder = dirname(logFile)
  const extension = extname(logFile)
  const stem = basename(logFile, extension)
  const archiveName = new RegExp(
    `^${escapeForRegExp(stem)}\\.\\d{8}T\\d{9}Z-[0-9a-f]{6}${escapeForRegExp(extension)}(\\.gz|\\.gz\\.part)?$`,
  )
  const names = () =>
    readdirSync(folder)
      .filter(name => archiveName.test(name))
      .sort()

  return {
    newPath(now) {
      // Behind the latest one, even if that was made in this millisecond, or by a clock that was ahead.
      const time = stampOf(
        Math.max(
          now,
          timeOf(
            names()
              .at(-1)
              ?.slice(stem.length + 1),
          ) + 1,
        ),
      )
      return join(folder, `${stem}.${time}-${randomBytes(3).toString("hex")}${extension}`)
    },
    list: () => names().flatMap(name => (name.endsWith(unfinishedSuffix) ? [] : sizeOf(join(folder, name)))),
    removeRemains() {
      const all = new Set(names())
      for (const name of all) {
        // An archive that is there twice was compressed, and then the process was cut off.
        if (name.endsWith(unfinishedSuffix) || all.has(`${name}.gz`)) remove(join(folder, name))
      }
    },
    prune(maxFiles, maxBytes) {
      const archives = this.list()
      let bytes = archives.reduce((sum, archive) => sum + archive.bytes, 0)
      while (archives.length > maxFiles || bytes > maxBytes) {
        const oldest = archives.shift()
        if (oldest === undefined) return
        remove(oldest.path)
        bytes -= oldest.bytes
      }
    },
  }
}

const stampOf = (time: number): string => new Date(time).toISOString().replaceAll(/[-:.]/g, "")

function timeOf(stamp = ""): number {
  const [year, month, day, hour, minute, second, ms] = stamp.match(/^\d{4}|\d{3}(?=Z)|\d\d/g) ?? []
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`) || 0
}

// Another process, or a person, may have removed it in the meantime.
function sizeOf(path: string): Archive[] {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined ? [] : [{ path, bytes: stats.size }]
}

function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

const escapeForRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
