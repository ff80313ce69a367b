const heartbeatMs = 30_000
const spinnerMs = 200
const atWork = "  … "

/** Where the progress goes; tests give their own. */
export interface Screen {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

/** A step's way of saying what it found or did; the last remark stands on the finished line. */
export type Note = (remark: string) => void

/**
 * Prints one line for each step with the time that it took. On a terminal the line of a running step counts the
 * seconds; in a log, a long step says every half minute that it is still alive.
 */
export class Progress {
  readonly #screen: Screen
  readonly #started = Date.now()
  readonly #running = new Map<string, { since: number; remark: string }>()
  #timer: NodeJS.Timeout | undefined

  constructor(screen: Screen = process.stdout) {
    this.#screen = screen
  }

  async step<T>(name: string, work: (note: Note) => Promise<T>): Promise<T> {
    const state = { since: Date.now(), remark: "" }
    this.#running.set(name, state)
    this.#tick()
    try {
      const result = await work(remark => {
        state.remark = remark
      })
      this.#finish("✓", name, state)
      return result
    } catch (error) {
      this.#finish("✗", name, state)
      throw error
    }
  }

  /** A line of its own, such as a heading. */
  say(text: string): void {
    this.#clear()
    this.#screen.write(`${text}\n`)
  }

  /** Time since the start, for people. */
  elapsed(): string {
    return seconds(this.#started)
  }

  #finish(mark: string, name: string, state: { since: number; remark: string }): void {
    this.#running.delete(name)
    this.say(`  ${mark} ${name.padEnd(16)} ${seconds(state.since).padStart(8)}  ${state.remark}`.trimEnd())
    if (this.#running.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #tick(): void {
    if (this.#timer) return
    const redraw = () => (this.#screen.isTTY ? this.#draw() : this.#beat())
    this.#timer = setInterval(redraw, this.#screen.isTTY ? spinnerMs : heartbeatMs)
  }

  #draw(): void {
    const parts = [...this.#running].map(([name, state]) =>
      `${name} ${seconds(state.since)} ${state.remark}`.trim(),
    )
    this.#clear()
    // A longer line would be two on the screen, and only the second one can be cleared.
    const room = (this.#screen.columns ?? 80) - atWork.length - 1
    this.#screen.write(`${atWork}${parts.join("  |  ").slice(0, room)}`)
  }

  #beat(): void {
    for (const [name, state] of this.#running) {
      this.#screen.write(
        `${atWork}${name.padEnd(16)} ${seconds(state.since).padStart(8)}  ${state.remark}`
          .trimEnd()
          .concat("\n"),
      )
    }
  }

  #clear(): void {
    if (this.#screen.isTTY) this.#screen.write("\r\u001b[2K")
  }
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`
}
