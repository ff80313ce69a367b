import { Agent, request } from "node:http"
import { setTimeout as sleep } from "node:timers/promises"
import { percentile } from "../health/load.ts"

/** One sort of request. */
interface Kind {
  readonly name: string
  readonly path: string
  readonly body?: string
  /** Over a connection that stays open, or over one of its own. */
  readonly keepAlive: boolean
}

const version = "/api/version"
const echo = { path: "/api/diagnostics/echo", body: JSON.stringify({ text: "x".repeat(500) }) }
const slow = "/api/diagnostics/wait?ms=5000"

const quick: readonly Kind[] = [
  { name: "GET, connection kept", path: version, keepAlive: true },
  { name: "GET, new connection", path: version, keepAlive: false },
  { name: "POST, connection kept", ...echo, keepAlive: true },
  { name: "POST, new connection", ...echo, keepAlive: false },
  { name: "page, connection kept", path: "/", keepAlive: true },
  { name: "page, new connection", path: "/", keepAlive: false },
]
const slowKinds: readonly Kind[] = [
  { name: "5 s, connection kept", path: slow, keepAlive: true },
  { name: "5 s, new connection", path: slow, keepAlive: false },
]

/** Longer than anything here may take. */
const timeoutMs = 30_000

export interface Failure {
  readonly at: string
  readonly kind: string
  readonly phase: string
  readonly afterMs: number
  readonly why: string
}

export interface Sent {
  readonly requests: number
  readonly failed: number
  /** In ascending order, milliseconds since the request was due; without the slow ones. */
  readonly latencies: readonly number[]
}

/**
 * Sends requests at fixed times, whether or not the earlier ones are answered, and counts each answer's time from when
 * the request was due: what waits behind a slow answer counts as slow too. One slow request a second comes on top.
 */
export class OpenLoop {
  /** To which the requests that are due from now on belong. */
  phase = "before"
  readonly failures: Failure[] = []
  private readonly url: URL
  private readonly agent = new Agent({ keepAlive: true })
  private readonly phases = new Map<string, { requests: number; failed: number; latencies: number[] }>()
  private readonly running: Promise<void>[]
  private readonly underWay = new Set<Promise<void>>()
  private stopped = false

  /**
   * @param rate requests a second
   * @param slow whether the slow requests come on top
   */
  constructor(url: string, rate: number, slow = true) {
    this.url = new URL(url)
    this.running = [this.send(quick, 1000 / rate), ...(slow ? [this.send(slowKinds, 1000)] : [])]
  }

  /** Ends when the last answer is here. */
  async stop(): Promise<void> {
    this.stopped = true
    await Promise.all(this.running)
    await Promise.all(this.underWay)
    this.agent.destroy()
  }

  /** What was sent in these phases. */
  sent(...phases: readonly string[]): Sent {
    const parts = phases.flatMap(phase => this.phases.get(phase) ?? [])
    const sum = (count: (part: Sent) => number) => parts.reduce((all, part) => all + count(part), 0)
    return {
      requests: sum(part => part.requests),
      failed: sum(part => part.failed),
      latencies: parts.flatMap(part => part.latencies).sort((one, two) => one - two),
    }
  }

  private async send(kinds: readonly Kind[], intervalMs: number): Promise<void> {
    const started = performance.now()
    for (let number = 0; !this.stopped; number++) {
      const due = started + number * intervalMs
      const wait = due - performance.now()
      if (wait > 0) await sleep(wait)
      const kind = kinds[number % kinds.length] as Kind
      const answered = this.ask(kind, due, this.phase)
      this.underWay.add(answered)
      answered.then(() => this.underWay.delete(answered))
    }
  }

  private async ask(kind: Kind, due: number, phase: string): Promise<void> {
    const at = new Date().toISOString()
    const why = await this.answer(kind).then(
      status => (status === 200 ? undefined : `status ${status}`),
      (error: NodeJS.ErrnoException) => error.code ?? error.message,
    )
    const afterMs = performance.now() - due
    const part = this.phases.get(phase) ?? { requests: 0, failed: 0, latencies: [] }
    this.phases.set(phase, part)
    part.requests++
    if (why !== undefined) {
      part.failed++
      this.failures.push({ at, kind: kind.name, phase, afterMs: Math.round(afterMs), why })
    } else if (kind.path !== slow) part.latencies.push(afterMs)
  }

  private answer({ path, body, keepAlive }: Kind): Promise<number> {
    const { hostname, port } = this.url
    const json = { "content-type": "application/json", "content-length": Buffer.byteLength(body ?? "") }
    const options = { hostname, port, path, agent: keepAlive ? this.agent : false, timeout: timeoutMs }
    return new Promise((resolve, reject) => {
      const sent = request({ ...options, method: body ? "POST" : "GET", headers: body ? json : {} })
      sent.once("response", response => {
        response.once("error", reject).once("end", () => resolve(response.statusCode ?? 0))
        response.resume()
      })
      sent.once("timeout", () => sent.destroy(new Error(`no answer in ${timeoutMs} ms`)))
      sent.once("error", reject).end(body)
    })
  }
}

/** Milliseconds, for a table: the half and the slowest hundredth take longer. */
export function latencyCells({ latencies }: Sent): string[] {
  return [0.5, 0.99].map(share => percentile(latencies, share).toFixed(1))
}
