import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http"
import { createServer as createSecuredServer } from "node:https"
import type { AddressInfo } from "node:net"
import { selfSigned } from "../../../app/backend/health/self-signed.ts"

/** A package registry that can be reached by HTTP and by HTTPS, and remembers what it was asked. */
export class Origin {
  readonly asked: IncomingMessage[] = []
  readonly certificate: string
  readonly #servers: Server[]

  constructor() {
    const { key, cert } = selfSigned()
    this.certificate = cert
    const listener: RequestListener = (request, response) => {
      this.asked.push(request)
      answer(request, response)
    }
    this.#servers = [createServer(listener), createSecuredServer({ key, cert }, listener)]
  }

  async start(): Promise<void> {
    await Promise.all(
      this.#servers.map(server => new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))),
    )
  }

  /** Where it is by HTTP, and where by HTTPS. */
  get urls(): [string, string] {
    const [plain, secured] = this.#servers.map(server => (server.address() as AddressInfo).port)
    return [`http://127.0.0.1:${plain}`, `https://127.0.0.1:${secured}`]
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) server.closeAllConnections()
    await Promise.all(this.#servers.map(server => new Promise(resolve => server.close(resolve))))
  }
}

/** The path says what the answer is to be like; a package's content is new each time that it is asked for. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const status = /^\/status\/(\d+)$/.exec(request.url ?? "")?.[1]
  if (status) {
    response.writeHead(Number(status), { location: "/elsewhere" }).end(`status ${status}`)
  } else if (request.url === "/broken-off") {
    // Without a length, only the way in which it ends tells a client that this is not all.
    response.writeHead(200).write("only this")
    setTimeout(() => response.destroy(), 50)
  } else {
    const headers = { "content-type": "application/x-package", "set-cookie": "of=this-client" }
    response.writeHead(200, headers).end(`${request.method} ${request.url} ${process.hrtime.bigint()}`)
  }
}
