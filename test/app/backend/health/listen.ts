import type { Server } from "node:http"
import { Server as SecureServer } from "node:https"
import type { AddressInfo } from "node:net"
import { onTestFinished } from "vitest"

/** Listens on a free port of the loopback until the test is over, and returns the base URL. */
export async function listen(server: Server | SecureServer): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const scheme = server instanceof SecureServer ? "https" : "http"
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
}
