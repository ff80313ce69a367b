import { cp, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"

export interface Result {
  exitCode: number
  stdout: string
  /** What the terminal shows: progress, the function's own output and errors. */
  stderr: string
}

/** A copy of the fixture that a test may change, and the real command line inside it. */
export class TestModule {
  readonly dir: string

  private constructor(dir: string) {
    this.dir = dir
  }

  static async create(from?: string): Promise<TestModule> {
    const dir = await mkdtemp(join(tmpdir(), "sdk-e2e-"))
    // The root of a repository is the root of what a module can see: without one, that would be all of /tmp.
    await execa("git", ["init", "--quiet"], { cwd: dir })
    const module = new TestModule(dir)
    if (from) await module.add(from)
    return module
  }

  /** Copies sources, and leaves behind what an author's own use of them may have made. */
  async add(from: string, to = "."): Promise<void> {
    const made = ["sdk", "node_modules"].map(name => join(from, name))
    await cp(from, join(this.dir, to), { recursive: true, filter: path => !made.includes(path) })
  }

  async dagger(args: string[], env: Record<string, string> = {}): Promise<Result> {
    const result = await execa(process.env.DAGGER_BIN ?? "dagger", ["--progress=plain", ...args], {
      cwd: this.dir,
      env: { NO_COLOR: "1", DAGGER_NO_NAG: "1", DO_NOT_TRACK: "1", ...env },
      reject: false,
    })
    return { exitCode: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr }
  }

  /** Calls a function that is expected to work, and returns what it returned. */
  async call(args: string[], env?: Record<string, string>): Promise<string> {
    const { exitCode, stdout, stderr } = await this.dagger(["call", ...args], env)
    if (exitCode !== 0) throw new Error(`dagger call ${args.join(" ")} ended with ${exitCode}:\n${stderr}`)
    return stdout.trim()
  }

  async remove(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true })
  }
}
