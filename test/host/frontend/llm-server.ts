import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"

export const model = "model-of-the-test"

/** A provider of language models on the loopback, which does as the test says. */
export class LlmServer {
  mode: "works" | "refuses" | "hangs" = "works"
  readonly #server: Server

  constructor() {
    this.#server = createServer((_request, response) => {
      if (this.mode === "hangs") return
      response.statusCode = this.mode === "works" ? 200 : 401
      response.setHeader("content-type", "application/json")
      response.end(JSON.stringify({ object: "list", data: [{ id: model, object: "model" }] }))
    })
  }

  async start(): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(0, "127.0.0.1", resolve))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}
