import { isVersionInfo } from "./guards.ts"
import type { VersionInfo } from "./health-types.ts"
import { type Outcome, problem, readAnswer } from "./read-answer.ts"

export interface Backend {
  /** Never rejects: what went wrong is an outcome. */
  health(token: string | null): Promise<Outcome>
  /** Null when it cannot be had. */
  version(): Promise<VersionInfo | null>
}

/** The part of a browser's `fetch` that is used. */
export type Fetch = (
  path: string,
  options: {
    readonly headers: Record<string, string>
    readonly cache: "no-store"
    readonly redirect: "manual"
    readonly signal: AbortSignal
  },
) => Promise<Response>

export interface BackendOptions {
  readonly fetch: Fetch
  readonly timeoutMs: number
}

/** Asks the backend behind the page's own origin. */
export function createBackend({ fetch, timeoutMs }: BackendOptions): Backend {
  const get = (path: string, headers: Record<string, string>) =>
    fetch(path, {
      headers: { accept: "application/json", ...headers },
      cache: "no-store",
      // A redirect to a login page of another origin would look like a broken network.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    })
  return {
    async health(token) {
      try {
        const response = await get("/health", token === null ? {} : { authorization: `Bearer ${token}` })
        const contentType = response.headers.get("content-type") ?? ""
        const { type, status } = response
        return readAnswer({ type, status, contentType, body: await response.text() }, token !== null)
      } catch (error) {
        return problem({ kind: "unreachable", reason: isTimeout(error) ? "timeout" : "network" })
      }
    },
    async version() {
      try {
        const value: unknown = await (await get("/api/version", {})).json()
        return isVersionInfo(value) ? value : null
      } catch {
        return null
      }
    },
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === "TimeoutError"
}
