import type { ServerResponse } from "node:http"
import type { Response } from "express"

// Lies on the response itself, and only where Content-Length does not tell.
const count = Symbol("bytes of the body")

interface Counted {
  [count]?: number
}

/** Sees to it that `bytesOf` can tell how much is written to the body of a response from now on. */
export function countBytes(response: Response): void {
  // Once for all responses of an application: to change each one slows down everything that is done with it.
  const methods: Response = Object.getPrototypeOf(response)
  if (Object.hasOwn(methods, "end")) return
  methods.write = countingWrite(methods.write)
  methods.end = countingEnd(methods.end)
}

/** Bytes of the body that were given to the connection so far. */
export function bytesOf(response: Response & Counted): number {
  if (response.req.method === "HEAD" || !response.headersSent) return 0
  return response[count] ?? Number(response.getHeader("content-length") ?? 0)
}

// The many forms of write and end differ in what follows the chunk; it is passed on as it came.

function countingWrite(write: Response["write"]): Response["write"] {
  return function (this: ServerResponse & Counted, chunk?: unknown, encoding?: unknown, done?: unknown) {
    this[count] = (this[count] ?? 0) + lengthOf(chunk, encoding)
    return Reflect.apply(write, this, [chunk, encoding, done])
  } as Response["write"]
}

function countingEnd(end: Response["end"]): Response["end"] {
  return function (this: ServerResponse & Counted, chunk?: unknown, encoding?: unknown, done?: unknown) {
    // Express tells the length of what it sends in one piece.
    if (this[count] !== undefined || !this.hasHeader("content-length")) {
      this[count] = (this[count] ?? 0) + lengthOf(chunk, encoding)
    }
    return Reflect.apply(end, this, [chunk, encoding, done])
  } as Response["end"]
}

function lengthOf(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === "string") return Buffer.byteLength(chunk, encodingOf(encoding))
  return chunk instanceof Uint8Array ? chunk.byteLength : 0
}

const encodingOf = (encoding: unknown): BufferEncoding | undefined =>
  typeof encoding === "string" && Buffer.isEncoding(encoding) ? encoding : undefined
