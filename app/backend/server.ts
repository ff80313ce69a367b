import { once } from "node:events"
import { createServer, type RequestListener, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import type { Lifecycle } from "./lifecycle.ts"
import type { Logger } from "./logging/logger.ts"
import { closeAfterAnswer, type Traffic, watchTraffic } from "./traffic.ts"

export interface ServerOptions {
  readonly listener: RequestListener
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly keepAliveTimeoutMs: number
  /** `timeoutMs` is for the whole stop, `drainMs` a part of it. */
  readonly shutdown: { readonly drainMs: number; readonly timeoutMs: number }
  readonly lifecycle: Lifecycle
  readonly logger: Logger
}

/** `forced`: the time was up, and requests were cut off. */
type StopOutcome = "graceful" | "forced"

export interface RunningServer {
  readonly port: number
  /** Stops once, however often it is called. Never rejects. */
  stop(): Promise<StopOutcome>
}

const sweepEveryMs = 50

/** Listens, and is ready from then on. Rejects when the address cannot be had. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, keepAliveTimeoutMs, lifecycle, listener, logger } = options
  const server = createServer({ keepAliveTimeout: keepAliveTimeoutMs }, (request, response) => {
    traffic.add(response)
    if (lifecycle.phase === "draining") closeAfterAnswer(response)
    listener(request, response)
  })
  const traffic = watchTraffic(server)
  server.listen(options.port, host)
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  lifecycle.phase = "ready"
  logger.info({ host, port }, "listening")
  let stopping: Promise<StopOutcome> | undefined
  return {
    port,
    stop() {
      stopping ??= stopServer(server, traffic, options)
      return stopping
    },
  }
}

/**
 * Lets the proxy in front see that this instance goes before it is gone: readiness fails at once, while
 * requests are still served for the drain time; then nothing is accepted, and what is in flight may finish.
 */
async function stopServer(server: Server, traffic: Traffic, options: ServerOptions): Promise<StopOutcome> {
  const { lifecycle, logger, shutdown } = options
  lifecycle.phase = "draining"
  logger.info({ drainMs: shutdown.drainMs, inFlight: traffic.inFlight }, "draining")
  traffic.closeAfterAnswers()
  await sleep(shutdown.drainMs)

  const outcome = await closeWithin(server, traffic, shutdown.timeoutMs - shutdown.drainMs)
  if (outcome === "graceful") {
    logger.info({}, "stopped")
  } else {
    logger.error(
      { timeoutMs: shutdown.timeoutMs, inFlight: traffic.inFlight },
      "stopped before all was answered",
    )
    server.closeAllConnections()
  }
  return outcome
}

async function closeWithin(server: Server, traffic: Traffic, limitMs: number): Promise<StopOutcome> {
  const closed = once(server, "close")
  server.close()
  // An answer that began before the drain leaves an idle connection behind, so once is not enough.
  const sweep = setInterval(() => traffic.dropIdle(), sweepEveryMs)
  const limit = new AbortController()
  try {
    return await Promise.race([
      closed.then(() => allOver(traffic)).then(() => "graceful" as const),
      sleep(limitMs, "forced" as const, { signal: limit.signal }),
    ])
  } finally {
    clearInterval(sweep)
    limit.abort()
  }
}

/** The server may be closed a moment before its last answer is over, and with that comes the answer's line in the log. */
async function allOver(traffic: Traffic): Promise<void> {
  while (traffic.inFlight > 0) await sleep(1)
}
