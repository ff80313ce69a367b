import { maxRecordBytes } from "./record.ts"

/** Lines that wait to be written together, as bytes. */
export interface LineBuffer {
  readonly lines: number
  /** Whether it is time to write. */
  readonly isFull: boolean
  /** There is room for a record even when it is full, for a second one there is not. */
  add(line: string): void
  /** Bytes of the first lines that are not longer than `room` together; of the first one, if `atLeastOne`. */
  fitting(room: number, atLeastOne: boolean): number
  /** The first bytes; valid until the buffer changes. */
  first(bytes: number): Buffer
  /** Removes the first bytes, up to the end of a line. */
  remove(bytes: number): void
  clear(): void
}

const fullBytes = 64 * 1024

export function createLineBuffer(): LineBuffer {
  const bytes = Buffer.allocUnsafe(fullBytes + 2 * maxRecordBytes)
  /** Where each line ends. */
  let ends: number[] = []
  let begin = 0
  let used = 0

  return {
    get lines() {
      return ends.length
    },
    get isFull() {
      return used >= fullBytes
    },
    add(line) {
      used += bytes.write(line, used)
      ends.push(used)
    },
    fitting(room, atLeastOne) {
      let end = begin
      for (const next of ends) {
        if (next - begin > room && !(atLeastOne && end === begin)) break
        end = next
      }
      return end - begin
    },
    first: count => bytes.subarray(begin, begin + count),
    remove(count) {
      begin += count
      ends = ends.filter(end => end > begin)
      if (ends.length === 0) this.clear()
    },
    clear() {
      ends = []
      begin = 0
      used = 0
    },
  }
}
