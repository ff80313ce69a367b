import { CheckError } from "../check-error.ts"
import { failureOfBody, failureOfRequest, failureOfStatus } from "./failures.ts"

export interface FetchOptions {
  readonly fetch: typeof fetch
  readonly signal: AbortSignal
  /** Of the body, decompressed. */
  readonly maxBytes: number
  /** What goes out beside the request's own headers, such as a correlation id. */
  readonly headers: () => Readonly<Record<string, string>>
}

/** The fetch of a check: answers only with a good status and a whole body that is not too large. */
export type BoundedFetch = typeof fetch

/** Makes a fetch that rejects with a CheckError whenever there is no good answer before the signal aborts. */
export function createBoundedFetch({ fetch, signal, maxBytes, headers }: FetchOptions): BoundedFetch {
  return async (url, init) => {
    const sent = new Headers(headers())
    for (const [name, value] of new Headers(init?.headers)) sent.set(name, value)
    let response: Response
    try {
      // A redirect is not followed: it would take the key to wherever it points.
      response = await fetch(url, { ...init, headers: sent, redirect: "manual", signal })
    } catch (thrown) {
      throw failureOfRequest(thrown, signal)
    }
    const failure = failureOfStatus(response.status)
    if (failure) {
      // What is wrong is known by the status. Errors while letting go of the rest are of no interest.
      await response.body?.cancel().catch(() => {})
      throw failure
    }
    return new Response(await readWithin(response, maxBytes, signal), { status: response.status })
  }
}

async function readWithin(response: Response, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength
      // Leaving the loop cancels the rest.
      if (size > maxBytes) throw new CheckError("bad_response", `more than ${maxBytes} bytes`)
      chunks.push(chunk)
    }
  } catch (thrown) {
    throw failureOfBody(thrown, signal)
  }
  return Buffer.concat(chunks)
}
