import { CheckError } from "../check-error.ts"
import type { HealthCheck } from "../types.ts"
import { createBoundedFetch } from "./bounded-fetch.ts"
import { maxAnswerBytes, type OutgoingOptions } from "./outgoing.ts"

export interface PineconeSettings {
  readonly apiKey: string
  /** As the console shows it; `http://` in front is for tests and for Pinecone Local. */
  readonly indexHost: string
}

/**
 * Asks the index for its statistics, through the SDK that an application uses: that proves the network, the key and
 * the index, and reads no vectors. Null settings make a check that is disabled.
 */
export function checkPinecone(settings: PineconeSettings | null, options: OutgoingOptions = {}): HealthCheck {
  return {
    name: "pinecone",
    enabled: settings !== null,
    backsOff: true,
    async run(signal) {
      if (settings) await describeIndex(settings, options, signal)
    },
  }
}

async function describeIndex(
  settings: PineconeSettings,
  options: OutgoingOptions,
  signal: AbortSignal,
): Promise<void> {
  const { fetch = globalThis.fetch, headers = () => ({}) } = options
  const bounded = createBoundedFetch({ fetch, signal, headers, maxBytes: maxAnswerBytes })
  let failure: unknown
  // The SDK wraps what its fetch throws into errors of its own, some of them without the status.
  const fetchApi: typeof fetch = (url, init) =>
    bounded(url, init).catch(thrown => {
      failure = thrown
      throw thrown
    })
  // Loaded at the first run: without a key it would only cost time and memory at the start.
  const { Pinecone } = await import("@pinecone-database/pinecone")
  // No retries: the next run is one. A client of its own for each run, as the signal belongs to the run.
  const client = new Pinecone({ apiKey: settings.apiKey, maxRetries: 0, fetchApi })
  let count: unknown
  try {
    count = (await client.index({ host: settings.indexHost }).describeIndexStats()).totalRecordCount
  } catch {
    throw notFoundOr(failure ?? new CheckError("bad_response", "no index statistics"))
  }
  if (typeof count !== "number") throw new CheckError("bad_response", "no index statistics")
}

const notFoundOr = (failure: unknown): unknown =>
  failure instanceof CheckError && failure.reason === "HTTP 404"
    ? new CheckError("index_not_found", failure.reason)
    : failure
