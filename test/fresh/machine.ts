import { createWriteStream, type WriteStream } from "node:fs"
import { execa } from "execa"
import { type Connection, cloneDir, container, createContainer, removeContainer } from "./container.ts"

const shownLines = 60
const reportEveryMs = 60_000

/** How a command on the machine ended. */
export interface Ended {
  exitCode: number
  stdout: string
  /** All that the terminal would show. */
  screen: string
  seconds: number
}

/** A machine that nobody has touched, and a person who types commands there, in a clone of this repository. */
export class Machine {
  readonly #log: WriteStream
  readonly #deadline: number

  private constructor(log: WriteStream, deadline: number) {
    this.#log = log
    this.#deadline = deadline
  }

  /**
   * @param projectDir the clone whose committed state the machine clones
   * @param logFile takes all that the commands print
   * @param minutes limit of all commands together
   */
  static async create(
    projectDir: string,
    logFile: string,
    minutes: number,
    connection: Connection = "as the host",
  ): Promise<Machine> {
    await createContainer(projectDir, connection)
    return new Machine(createWriteStream(logFile, { flags: "a" }), Date.now() + minutes * 60_000)
  }

  async remove(): Promise<void> {
    await removeContainer()
    this.#log.end()
  }

  /** Types a command; says each minute how far it is. */
  async type(command: string): Promise<Ended> {
    const started = Date.now()
    const elapsed = () => `${((Date.now() - started) / 1000).toFixed(1)} s`
    this.#log.write(`\n$ ${command}\n`)
    const args = ["exec", "-w", cloneDir, container, "bash", "-c", command]
    const timeout = Math.max(1, this.#deadline - started)
    const child = execa("docker", args, { stdin: "ignore", all: true, reject: false, timeout })
    let last = ""
    child.all.on("data", chunk => {
      this.#log.write(chunk)
      last = lastLine(String(chunk)) || last
    })
    const timer = setInterval(() => console.log(`  … ${command}  ${elapsed()}: ${last}`), reportEveryMs)
    const { exitCode = -1, stdout, all, timedOut } = await child
    clearInterval(timer)
    console.log(`  ${exitCode === 0 ? "✓" : "✗"} ${command}  ${elapsed()}${timedOut ? ", time limit" : ""}`)
    return { exitCode, stdout, screen: all, seconds: (Date.now() - started) / 1000 }
  }

  /**
   * The same for a command that has to succeed.
   *
   * @throws Error with the last lines that the command printed
   */
  async succeed(command: string): Promise<Ended> {
    const ended = await this.type(command)
    if (ended.exitCode === 0) return ended
    const end = ended.screen.trimEnd().split("\n").slice(-shownLines).join("\n")
    throw new Error(`${command} ended with exit code ${ended.exitCode}; its last lines:\n${end}`)
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1)?.slice(0, 100) ?? ""
}
