import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs"
import { dirname } from "node:path"
import { isGone } from "./gone.ts"

/** The file that is written now. Its functions throw what the file system says. */
export interface CurrentFile {
  /** Bytes in it, as of the last `refresh`, plus what was appended since. */
  readonly size: number
  /** Time of its first line, milliseconds since 1970. */
  readonly bornAt: number
  /** Whether its last line has no newline: the process that wrote it was cut off. */
  readonly endsTorn: boolean
  /** Looks at the size, which another process may have changed; false when the file was removed. */
  refresh(): boolean
  /** Appends whole lines; throws a PartialWrite when not all of them are in the file. */
  append(lines: Buffer): void
  /** Closes it and gives it another name, unless somebody put another file in its place. */
  moveTo(path: string): void
  close(): void
}

/** Only the first `keptBytes` were written, up to the end of a line. */
export class PartialWrite extends Error {
  readonly keptBytes: number

  constructor(keptBytes: number, cause: unknown) {
    super("not all lines were written", { cause })
    this.keptBytes = keptBytes
  }
}

const newline = 0x0a

/** Opens a file to append to; makes it, and its folder, when they are not there. */
export function openCurrentFile(path: string, now: number): CurrentFile {
  mkdirSync(dirname(path), { recursive: true })
  // To open a pipe would wait for its reader.
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) throw new Error("not a regular file")
  const fd = openSync(path, "a+", 0o640)
  const { birthtimeMs, ino, size: sizeAtStart } = fstatSync(fd)
  let size = sizeAtStart

  return {
    get size() {
      return size
    },
    // Where the file system keeps no time of birth, it is some other, or none.
    bornAt: sizeAtStart > 0 && birthtimeMs > 0 ? Math.min(birthtimeMs, now) : now,
    endsTorn: sizeAtStart > 0 && lastByte(fd, sizeAtStart) !== newline,
    refresh() {
      const stats = fstatSync(fd)
      size = stats.size
      return stats.nlink > 0
    },
    append(lines) {
      const start = size
      try {
        for (let done = 0; done < lines.length; ) {
          const written = writeSync(fd, lines, done)
          done += written
          size += written
        }
      } catch (cause) {
        const keptBytes = lines.subarray(0, size - start).lastIndexOf(newline) + 1
        cutBack(fd, size, start + keptBytes)
        throw new PartialWrite(keptBytes, cause)
      }
    },
    moveTo(target) {
      closeSync(fd)
      if (statSync(path, { throwIfNoEntry: false })?.ino !== ino) return
      try {
        renameSync(path, target)
      } catch (error) {
        // Another process with the same file was faster; what is in it is kept under the name that it chose.
        if (!isGone(error)) throw error
      }
    },
    close: () => closeSync(fd),
  }
}

function lastByte(fd: number, size: number): number | undefined {
  const byte = Buffer.alloc(1)
  readSync(fd, byte, 0, 1, size - 1)
  return byte[0]
}

// A disk that fills up takes a part of a line: nobody shall find half a line.
function cutBack(fd: number, sizeAfterWrite: number, wantedSize: number): void {
  try {
    // Unless another process has written behind it.
    if (fstatSync(fd).size === sizeAfterWrite) ftruncateSync(fd, wantedSize)
  } catch {
    // The next one to open the file sees that it ends torn.
  }
}
