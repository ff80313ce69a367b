import type { Server, ServerResponse } from "node:http"
import type { Socket } from "node:net"

/** Knows the open connections and the answers that are still owed. */
export interface Traffic {
  readonly inFlight: number
  add(response: ServerResponse): void
  /** Makes each connection end after its present answer. */
  closeAfterAnswers(): void
  /** Ends the connections that nothing is owed on. */
  dropIdle(): void
}

/** Watches a server; `add` is to be called with each response. */
export function watchTraffic(server: Server): Traffic {
  const sockets = new Set<Socket>()
  const responses = new Set<ServerResponse>()
  server.on("connection", (socket: Socket) => {
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
  })
  return {
    get inFlight() {
      return responses.size
    },
    add(response) {
      responses.add(response)
      response.once("close", () => responses.delete(response))
    },
    closeAfterAnswers() {
      for (const response of responses) closeAfterAnswer(response)
    },
    dropIdle() {
      server.closeIdleConnections()
      // Node counts a connection that never sent a byte as busy: browsers open such ones in advance.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
    },
  }
}

/** Tells the client to use another connection for its next request. */
export function closeAfterAnswer(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("Connection", "close")
}
