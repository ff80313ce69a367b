import { existsSync } from "node:fs"
import { appendFile, cp, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { execa } from "execa"
import { floor } from "../../ci/scanner/database/state.ts"
import { ignoredFiles } from "../../ci/src/lib/source-files.ts"
import { writeDatabase } from "../scan/database.ts"

export const projectDir = join(dirname(fileURLToPath(import.meta.url)), "..", "..")

export interface Call {
  exitCode: number
  stdout: string
  /** All that the terminal shows. */
  screen: string
}

interface Described {
  name: string
  description: string
}

export interface Schema {
  types: { name: string; fields: (Described & { args: Described[] })[] | null }[]
}

/** A clone of this project in a folder of its own, for tests that change something or deploy. */
export class Clone {
  readonly dir: string
  /** A hand-written vulnerability database, outside the clone; others use it too. */
  readonly database: string

  private constructor(dir: string, database: string) {
    this.dir = dir
    this.database = database
  }

  static async create(): Promise<Clone> {
    const dir = await mkdtemp(join(tmpdir(), "lockstep-clone-"))
    await execa("git", ["clone", "--quiet", projectDir, dir])
    const clone = new Clone(dir, await databaseOfToday())
    await cp(join(dir, ".env.example"), join(dir, ".env"))
    await appendFile(join(dir, ".env"), `\nVULNERABILITYDB=${clone.database}\n`)
    return clone
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

  /** What the engine knows of the module: the same that `--help` shows. */
  async schema(): Promise<Schema> {
    const args = "args { name description }"
    const query = `{ __schema { types { name fields { name description ${args} } } } }`
    const { stdout } = await execa("dagger", ["--silent", "query"], { cwd: this.dir, input: query })
    return (JSON.parse(stdout) as { __schema: Schema }).__schema
  }

  /** By which the engine knows the files that count. */
  async sources(): Promise<string> {
    const folder = `path: ${JSON.stringify(this.dir)}, exclude: ${JSON.stringify(ignoredFiles)}`
    const query = `{ host { directory(${folder}) { digest } } }`
    const { stdout } = await execa("dagger", ["--silent", "query", "--no-mod"], {
      cwd: this.dir,
      input: query,
    })
    return (JSON.parse(stdout) as { host: { directory: { digest: string } } }).host.directory.digest
  }

  /** Leaves the application a single test: the hundreds that it has take a minute each time that a file has changed. */
  async keepOneTest(body: string): Promise<void> {
    const dir = join(this.dir, "test", "app")
    await rm(dir, { recursive: true })
    await mkdir(dir)
    await writeFile(join(dir, "one.test.ts"), `import { expect, test } from "vitest"\n\n${body}\n`)
  }

  async commitAll(message: string): Promise<void> {
    const author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    await execa("git", [...author, "commit", "--quiet", "--all", "--message", message], { cwd: this.dir })
  }

  async commit(): Promise<string> {
    return (await execa("git", ["rev-parse", "--short=12", "HEAD"], { cwd: this.dir })).stdout
  }

  async remove(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true })
  }
}

/**
 * The same for all clones of a day, in the same place: what is found with it stays in the engine's cache, and .env, which
 * names it, makes no clone's module another one than the others'.
 */
async function databaseOfToday(): Promise<string> {
  const today = new Date().toISOString().slice(0, 10)
  const dir = join(tmpdir(), `lockstep-test-db-${today}`)
  if (existsSync(dir)) return dir
  const draft = await mkdtemp(`${dir}-`)
  await writeDatabase(draft, { modified: `${today}T00:00:00Z`, entries: floor })
  // Another process may have been faster: then it is there.
  await rename(draft, dir).catch(() => rm(draft, { recursive: true }))
  return dir
}
