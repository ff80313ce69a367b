import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"

const patienceMs = 60_000
const shownCharacters = 2000

/** A Node program that runs beside the tests and answers over HTTP. */
export class Service {
  readonly #child: ChildProcess
  readonly #closed: Promise<unknown>
  #printed = ""

  private constructor(args: readonly string[], env: Record<string, string>) {
    this.#child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, ...env } })
    this.#closed = once(this.#child, "close")
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", chunk => {
        this.#printed = (this.#printed + chunk).slice(-shownCharacters)
      })
    }
  }

  /** Resolves when the address answers. @throws Error with what the program printed, when it ends before */
  static async start(args: readonly string[], env: Record<string, string>, url: string): Promise<Service> {
    const service = new Service(args, env)
    const end = Date.now() + patienceMs
    while (Date.now() < end && service.#child.exitCode === null) {
      const response = await fetch(url).catch(() => undefined)
      if (response?.ok) return service
      await sleep(100)
    }
    await service.kill()
    throw new Error(`nothing answers at ${url}: ${service.#printed}`)
  }

  /** Ends it as a crash would: at once. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL")
    await this.#closed
  }
}
