import { createReadStream, createWriteStream } from "node:fs"
import { rename, rm } from "node:fs/promises"
import { pipeline } from "node:stream/promises"
import { createGzip } from "node:zlib"
import { unfinishedSuffix } from "./archives.ts"
import { isGone } from "./gone.ts"

export interface Compression {
  /** Compresses these files, one after the other, in the background. */
  start(paths: readonly string[]): void
  /** Gives up what is under way; the file stays uncompressed and whole. */
  stop(): Promise<void>
}

/** @param onError is told once for each file that stays uncompressed */
export function createCompression(onError: (error: unknown) => void): Compression {
  const queue = new Set<string>()
  let running: Promise<void> | undefined
  let abort = new AbortController()

  async function run(): Promise<void> {
    for (const path of queue) {
      if (abort.signal.aborted) break
      try {
        await compress(path, abort.signal)
      } catch (error) {
        await rm(path + unfinishedSuffix, { force: true }).catch(() => {})
        if (!abort.signal.aborted && !isGone(error)) onError(error)
      }
      queue.delete(path)
    }
    queue.clear()
    running = undefined
  }

  return {
    start(paths) {
      for (const path of paths) queue.add(path)
      if (queue.size === 0 || running !== undefined) return
      abort = new AbortController()
      running = run()
    },
    async stop() {
      abort.abort()
      await running
    },
  }
}

// The archive has its final name only once it is whole, and only then the original goes.
async function compress(path: string, signal: AbortSignal): Promise<void> {
  const unfinished = path + unfinishedSuffix
  const output = createWriteStream(unfinished, { mode: 0o640, flush: true })
  await pipeline(createReadStream(path), createGzip(), output, { signal })
  await rename(unfinished, `${path}.gz`)
  await rm(path, { force: true })
}
