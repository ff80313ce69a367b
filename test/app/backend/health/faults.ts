import type { RequestListener, ServerResponse } from "node:http"

/** What a service outside can do wrong, whatever it is. */
export type Fault =
  | { readonly kind: "status"; readonly status: number; readonly headers?: Record<string, string> }
  | { readonly kind: "text"; readonly body: string }
  /** Another text each time. */
  | { readonly kind: "texts"; readonly body: () => string }
  | { readonly kind: "hang" }
  | { readonly kind: "slow-headers"; readonly ms: number }
  /** A byte now and then, without an end. */
  | { readonly kind: "slow-body" }
  /** The connection ends in the middle of the body. */
  | { readonly kind: "half-body" }
  /** The connection ends without a byte. */
  | { readonly kind: "reset" }
  /** A body of so many bytes that never says how long it is. */
  | { readonly kind: "big-body"; readonly bytes: number }
  | { readonly kind: "no-http" }

/** Answers like that. The body of an error holds what must never be repeated. */
export function answerWith(fault: Fault): RequestListener {
  return (request, response) => {
    request.resume()
    faults[fault.kind](response, fault as never)
  }
}

export const bodySecret = "body-secret-4711"

type Answers = {
  [K in Fault["kind"]]: (response: ServerResponse, fault: Extract<Fault, { kind: K }>) => void
}

const json = { "content-type": "application/json" }

const faults: Answers = {
  status: (response, { status, headers }) => {
    response.writeHead(status, { ...json, ...headers }).end(JSON.stringify({ message: bodySecret }))
  },
  text: (response, { body }) => void response.writeHead(200, json).end(body),
  texts: (response, { body }) => void response.writeHead(200, json).end(body()),
  hang: () => {},
  "slow-headers": (response, { ms }) => {
    const timer = setTimeout(() => response.writeHead(200, json).end("{}"), ms)
    response.once("close", () => clearTimeout(timer))
  },
  "slow-body": response => {
    response.writeHead(200, json).write("{")
    const drip = setInterval(() => response.write(" "), 20)
    response.once("close", () => clearInterval(drip))
  },
  "half-body": response => {
    response.writeHead(200, { ...json, "content-length": "1000" }).write('{"data":[')
    setTimeout(() => response.destroy(), 20)
  },
  reset: response => void response.socket?.resetAndDestroy(),
  "big-body": (response, { bytes }) => {
    response.writeHead(200, json)
    let left = bytes
    const more = () => {
      while (left > 0 && response.write(" ".repeat(65_536))) left -= 65_536
      if (left <= 0) response.end("{}")
    }
    response.on("drain", more)
    more()
  },
  "no-http": response => void response.socket?.end("220 mail.example ESMTP\r\n"),
}
