import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

export type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** A real server that a webhook leads to: it answers each request by the next of the answers, and then by the last. */
export class Receiver {
  readonly bodies: string[] = []
  readonly requests: IncomingMessage[] = []
  readonly #server

  private constructor(answers: readonly Answer[]) {
    this.#server = createServer(async (request, response) => {
      const answer = answers[Math.min(this.requests.length, answers.length - 1)]
      this.requests.push(request)
      let body = ""
      for await (const piece of request) body += piece
      this.bodies.push(body)
      answer?.(response, request)
    })
  }

  static async listen(...answers: Answer[]): Promise<Receiver> {
    return await Receiver.listenAt("127.0.0.1", ...answers)
  }

  static async listenAt(address: string, ...answers: Answer[]): Promise<Receiver> {
    const receiver = new Receiver(answers)
    await new Promise<void>(resolve => receiver.#server.listen(0, address, resolve))
    return receiver
  }

  get url(): URL {
    const { address, port } = this.#server.address() as AddressInfo
    return new URL(`http://${address}:${port}/T0/s3cret?token=s3cret`)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }
}

export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  response => {
    response.writeHead(code, headers).end("words")
  }

/** Takes the request and says nothing. */
export const hang: Answer = () => undefined

/** Begins an answer that never ends. */
export const endless: Answer = response => {
  response.writeHead(200)
  const timer = setInterval(() => response.write("words ".repeat(1000)), 5)
  response.on("close", () => clearInterval(timer))
}

export const cutOff: Answer = response => response.socket?.destroy()

export const after =
  (milliseconds: number, answer: Answer): Answer =>
  (response, request) => {
    setTimeout(() => answer(response, request), milliseconds)
  }
