import { request } from "node:http"
import { setTimeout as sleep } from "node:timers/promises"

const intervalMilliseconds = 100
const timeoutMilliseconds = 8000

/** Asks a service again and again, each time by a connection of its own, and keeps what went wrong. */
export class Watch {
  sent = 0
  readonly failures: string[] = []
  /** The longest time without a good answer. */
  longestGapSeconds = 0
  readonly #urls: readonly string[]
  readonly #asking: Promise<void>[] = []
  readonly #stop = new AbortController()
  #lastAnswer = performance.now()

  /** @param urls the addresses of one service: where one gives no answer, the next is asked, as a load balancer does */
  static start(...urls: string[]): Watch {
    const watch = new Watch(urls)
    watch.#asking.push(watch.#run())
    return watch
  }

  private constructor(urls: readonly string[]) {
    this.#urls = urls
  }

  async end(): Promise<this> {
    // A gap that has no end yet is one as well.
    if (!this.#stop.signal.aborted) this.#noteGap()
    this.#stop.abort()
    await Promise.all(this.#asking)
    return this
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#asking.push(this.#ask())
      await sleep(intervalMilliseconds)
    }
  }

  async #ask(): Promise<void> {
    this.sent++
    const answers: string[] = []
    for (const url of this.#urls) {
      const answer = await statusOf(url)
      if (answer === "200") return this.#answered()
      answers.push(answer)
    }
    this.failures.push(answers.join(", "))
  }

  #answered(): void {
    this.#noteGap()
    this.#lastAnswer = performance.now()
  }

  #noteGap(): void {
    const seconds = (performance.now() - this.#lastAnswer) / 1000
    this.longestGapSeconds = Math.max(this.longestGapSeconds, seconds)
  }
}

/** @returns the status, or the words of the error */
function statusOf(url: string): Promise<string> {
  return new Promise(resolve => {
    const asked = request(url, { agent: false, timeout: timeoutMilliseconds }, answer => {
      answer.resume().once("close", () => resolve(answer.complete ? String(answer.statusCode) : "cut off"))
    })
    asked.once("timeout", () => asked.destroy(new Error("no answer in time")))
    asked.once("error", error => resolve(error.message)).end()
  })
}
