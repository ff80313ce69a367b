import { type ChildProcess, spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { type IncomingMessage, type OutgoingHttpHeaders, request as plainRequest } from "node:http"
import { join } from "node:path"
import { connect, type TLSSocket } from "node:tls"
import { artifactPath, ensure } from "../../../../ci/engine/lib/store.ts"
import { findGo } from "../../../../ci/engine/steps/go.ts"
import { proxyBinary, proxyProgram } from "../../../../ci/engine/steps/proxy.ts"

/** What a client got. */
export interface Got {
  status: number
  headers: IncomingMessage["headers"]
  body: string
}

export interface Asked {
  method?: string
  headers?: OutgoingHttpHeaders
  body?: string
}

/** The path of the real program, compiled as the kit does. */
export async function compiledProxy(): Promise<string> {
  const artifact = await proxyBinary(await findGo())
  await ensure(artifact)
  return join(artifactPath(artifact), proxyProgram)
}

/** The proxy as a process of its own, and a client that asks through it. */
export class ProxyProcess {
  readonly child: ChildProcess
  readonly #port: number
  readonly #authority: string

  private constructor(child: ChildProcess, port: number, authority: string) {
    this.child = child
    this.#port = port
    this.#authority = authority
  }

  static async start(
    program: string,
    mode: "record" | "replay",
    dirs: { store: string; authority: string },
    env: NodeJS.ProcessEnv = {},
  ): Promise<ProxyProcess> {
    const args = [mode, "-store", dirs.store, "-authority", dirs.authority, "-with-stdin"]
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "ignore"], env: { ...process.env, ...env } })
    const port = await new Promise<number>((resolve, reject) => {
      child.once("exit", code => reject(new Error(`${program} ended with ${code}`)))
      child.stdout?.once("data", text => resolve(Number(/:(\d+)\s*$/.exec(String(text))?.[1])))
    })
    return new ProxyProcess(child, port, dirs.authority)
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const ended = new Promise(resolve => this.child.once("exit", resolve))
    this.child.kill()
    await ended
  }

  /** Asks for the URL as a client does that trusts nothing but the proxy's authority. */
  async ask(url: string, asked: Asked = {}): Promise<Got> {
    return url.startsWith("https:") ? await this.#askSecured(url, asked) : await this.#askPlain(url, asked)
  }

  async #askPlain(url: string, { method = "GET", headers, body }: Asked): Promise<Got> {
    const options = { host: "127.0.0.1", port: this.#port, path: url, method, headers, agent: false }
    return await answerOf(plainRequest(options).end(body))
  }

  async #askSecured(url: string, { method = "GET", headers, body }: Asked): Promise<Got> {
    const { host, hostname, port, pathname } = new URL(url)
    const socket = await this.#tunnel(`${hostname}:${port || 443}`, hostname)
    // The socket does TLS already.
    const options = { createConnection: () => socket, path: pathname, method, headers: { host, ...headers } }
    return await answerOf(plainRequest(options).end(body))
  }

  async #tunnel(host: string, hostname: string): Promise<TLSSocket> {
    const options = { host: "127.0.0.1", port: this.#port, method: "CONNECT", path: host }
    return await new Promise((resolve, reject) => {
      const opening = plainRequest(options).once("error", reject)
      opening.once("connect", (_answer, socket) => {
        const ca = readFileSync(join(this.#authority, "authority.crt"))
        const secured = connect({ socket, ca, host: hostname }, () => resolve(secured)).once("error", reject)
      })
      opening.end()
    })
  }
}

async function answerOf(request: ReturnType<typeof plainRequest>): Promise<Got> {
  return await new Promise((resolve, reject) => {
    request.once("error", reject)
    request.once("response", response => {
      const pieces: Buffer[] = []
      response.on("data", piece => pieces.push(piece))
      response.once("error", reject)
      response.once("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(pieces).toString(),
        }),
      )
    })
  })
}
