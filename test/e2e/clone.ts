import { cp, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { execa } from "execa"

export const projectDir = join(dirname(fileURLToPath(import.meta.url)), "..", "..")

export interface Call {
  exitCode: number
  stdout: string
  /** All that the terminal shows. */
  screen: string
}

/** A clone of this project in a folder of its own, for tests that change something or deploy. */
export class Clone {
  readonly dir: string

  private constructor(dir: string) {
    this.dir = dir
  }

  static async create(): Promise<Clone> {
    const dir = await mkdtemp(join(tmpdir(), "lockstep-clone-"))
    await execa("git", ["clone", "--quiet", projectDir, dir])
    await cp(join(dir, ".env.example"), join(dir, ".env"))
    return new Clone(dir)
  }

  /** A real `dagger call` in the clone. */
  async call(...args: string[]): Promise<Call> {
    return await this.dagger("call", ...args)
  }

  async dagger(...args: string[]): Promise<Call> {
    const env = { NO_COLOR: "1", DAGGER_NO_NAG: "1", DO_NOT_TRACK: "1" }
    const result = await execa("dagger", ["--progress=plain", ...args], {
      cwd: this.dir,
      env,
      reject: false,
      all: true,
    })
    return { exitCode: result.exitCode ?? -1, stdout: result.stdout.trim(), screen: result.all }
  }

  /** A real `dagger call` that has to succeed. */
  async succeed(...args: string[]): Promise<string> {
    const { exitCode, stdout, screen } = await this.call(...args)
    if (exitCode !== 0) throw new Error(`dagger call ${args.join(" ")} ended with ${exitCode}:\n${screen}`)
    return stdout
  }

  async commit(): Promise<string> {
    return (await execa("git", ["rev-parse", "--short=12", "HEAD"], { cwd: this.dir })).stdout
  }

  async remove(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true })
  }
}
