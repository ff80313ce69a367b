import { writeSync } from "node:fs"
import { createOutage, type OutageReports } from "./outage.ts"
import type { Sink } from "./sink.ts"

export interface StandardOutputOptions extends OutageReports {
  /** The file descriptor; 1 unless told. */
  readonly fd?: number
  readonly clock: () => number
  /** Milliseconds between two attempts to write again. */
  readonly retryMs?: number
}

// Bytes that may wait for a reader who is slow.
const maxWaitingBytes = 8 * 1024 * 1024
const chunkLength = 16 * 1024
const pollMs = 10
const longestFlushMs = 2000
const newline = 0x0a

/**
 * Writes the lines of one turn of the event loop together, synchronously. When the reader of a pipe is slow, lines
 * wait in memory, up to a limit. Lines that could not be written are counted and reported.
 */
export function createStandardOutput(options: StandardOutputOptions): Sink {
  const { fd = 1, clock, retryMs = 5000 } = options
  const outage = createOutage(options, clock, retryMs)
  /** Not tried yet. */
  let fresh = ""
  let isFlushPlanned = false
  /** Not taken yet by a slow reader. */
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let isPolling = false
  let isTorn = false

  function flush(): void {
    if (fresh === "") return
    const bytes = Buffer.from(isTorn ? `\n${fresh}` : fresh)
    fresh = ""
    isTorn = false
    if (waiting.length === 0) put(bytes)
    else enqueue(bytes)
  }

  function put(bytes: Buffer): void {
    let done = 0
    try {
      while (done < bytes.length) done += writeSync(fd, bytes, done)
    } catch (error) {
      const rest = bytes.subarray(done)
      if (isBusy(error)) {
        enqueue(rest)
      } else {
        isTorn ||= done > 0 && bytes[done - 1] !== newline
        outage.fail(error, linesIn(rest))
      }
      return
    }
    outage.succeed()
  }

  function enqueue(bytes: Buffer): void {
    waiting.push(bytes)
    waitingBytes += bytes.length
    if (isPolling) return
    isPolling = true
    setTimeout(() => {
      isPolling = false
      drain()
    }, pollMs).unref()
  }

  /** Tries what waits; true when nothing is left. */
  function drain(): boolean {
    const chunks = takeWaiting()
    for (const bytes of chunks) {
      // What comes after a chunk that still waits must wait as well.
      if (waiting.length > 0) enqueue(bytes)
      else put(bytes)
    }
    return waiting.length === 0
  }

  function takeWaiting(): Buffer[] {
    const chunks = waiting
    waiting = []
    waitingBytes = 0
    return chunks
  }

  return {
    write(line) {
      if (outage.active && !outage.due) return outage.miss(1)
      if (waitingBytes > maxWaitingBytes) {
        return outage.fail(new Error("the reader of the standard output is too slow"), 1)
      }
      fresh += line
      if (fresh.length >= chunkLength) return flush()
      if (isFlushPlanned) return
      isFlushPlanned = true
      setImmediate(() => {
        isFlushPlanned = false
        flush()
      })
    },
    flush,
    flushSync() {
      flush()
      const until = performance.now() + longestFlushMs
      while (!drain() && performance.now() < until) pause(pollMs)
      const lines = takeWaiting().reduce((sum, bytes) => sum + linesIn(bytes), 0)
      if (lines > 0) outage.fail(new Error(`nobody read the last ${lines} lines`), lines)
    },
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "EAGAIN" || error.code === "EBUSY")

function linesIn(bytes: Buffer): number {
  let lines = 0
  for (const byte of bytes) if (byte === newline) lines++
  return lines
}

const pause = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
