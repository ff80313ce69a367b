import { statfsSync } from "node:fs"
import { dirname } from "node:path"
import { createArchives } from "./archives.ts"
import { createCompression } from "./compression.ts"
import type { LogFileConfig } from "./config.ts"
import { type CurrentFile, openCurrentFile, PartialWrite } from "./current-file.ts"
import { createLineBuffer } from "./line-buffer.ts"
import { createOutage, type OutageReports } from "./outage.ts"
import type { Sink } from "./sink.ts"

export interface LogFileOptions extends OutageReports {
  readonly clock: () => number
  /** Milliseconds between two attempts to write again. */
  readonly retryMs?: number
  /** Old files could not be removed or compressed; writing goes on. */
  readonly onHousekeepingError: (error: unknown) => void
}

export interface LogFile extends Sink {
  /** Writes what waits, and lets go of the file. A later line opens it again. */
  close(): Promise<void>
}

// On a disk with less room, a first short line would fit and the next would not.
const roomToResume = 256 * 1024

/**
 * Writes lines to a file, and begins a new one before the present one grows too large or too old. Lines of one
 * turn of the event loop are written together, synchronously, so that no line is torn, doubled or reordered; what
 * waits is written by `flushSync`. When the file cannot be written, lines are counted instead, and it is tried
 * again with a line after `retryMs`.
 */
export function createLogFile(config: LogFileConfig, options: LogFileOptions): LogFile {
  const { clock, onHousekeepingError, retryMs = 5000 } = options
  const archives = createArchives(config.path)
  const outage = createOutage(options, clock, retryMs)
  const compression = createCompression(onHousekeepingError)
  const buffer = createLineBuffer()
  let current: CurrentFile | undefined
  let isFlushPlanned = false
  let isFlushing = false
  let isTidy = false

  function flush(): void {
    // A report of something that goes wrong here is a line, too; the loop takes it with the others.
    if (isFlushing || buffer.lines === 0) return
    isFlushing = true
    try {
      while (buffer.lines > 0) writeSome(fileToWrite())
      outage.succeed()
    } catch (error) {
      if (error instanceof PartialWrite) buffer.remove(error.keptBytes)
      const lines = buffer.lines
      buffer.clear()
      letGo()
      outage.fail(error instanceof PartialWrite ? error.cause : error, lines)
    } finally {
      isFlushing = false
    }
  }

  function writeSome(file: CurrentFile): void {
    const bytes = buffer.fitting(config.maxBytes - file.size, file.size === 0)
    if (bytes > 0) {
      file.append(buffer.first(bytes))
      buffer.remove(bytes)
    } else {
      rotate(file)
    }
  }

  function fileToWrite(): CurrentFile {
    if (current !== undefined && !current.refresh()) letGo()
    current ??= open()
    const isOld = current.size > 0 && clock() - current.bornAt >= config.maxAgeMs
    if (!isOld && !current.endsTorn) return current
    rotate(current)
    current ??= open()
    return current
  }

  function open(): CurrentFile {
    const file = openCurrentFile(config.path, clock())
    if (!isTidy) keepHouse()
    return file
  }

  function rotate(file: CurrentFile): void {
    current = undefined
    file.moveTo(archives.newPath(clock()))
    keepHouse()
  }

  function keepHouse(): void {
    try {
      // Once, for what earlier processes left.
      if (!isTidy) archives.removeRemains()
      isTidy = true
      archives.prune(config.maxFiles - 1, config.maxTotalBytes - config.maxBytes)
      if (!config.compress) return
      const paths = archives.list().map(archive => archive.path)
      compression.start(paths.filter(path => !path.endsWith(".gz")))
    } catch (error) {
      onHousekeepingError(error)
    }
  }

  function letGo(): void {
    try {
      current?.close()
    } catch {
      // A disk that failed may say so once more.
    }
    current = undefined
  }

  function planFlush(): void {
    if (isFlushPlanned) return
    isFlushPlanned = true
    setImmediate(() => {
      isFlushPlanned = false
      flush()
    })
  }

  return {
    write(line) {
      if (outage.active && !(outage.due && hasRoom(config.path))) return outage.miss(1)
      buffer.add(line)
      if (buffer.isFull || outage.active) flush()
      else planFlush()
    },
    flush,
    flushSync: flush,
    async close() {
      flush()
      letGo()
      await compression.stop()
    },
  }
}

function hasRoom(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return bavail * bsize >= roomToResume
  } catch {
    // The folder is gone: to open the file makes it anew, or says why not.
    return true
  }
}
