import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { Clone, projectDir } from "../../e2e/clone.ts"

/** References by digest, by the names of the stack file. */
export type Images = Readonly<Record<string, string>>

/** What the deployer printed of a release; of a failed one, the error. */
export interface Outcome {
  readonly exitCode: number
  readonly seconds: number
  readonly switchSeconds: number
  readonly probes: { readonly sent: number; readonly failed: number }
  readonly error?: { readonly code: string; readonly message?: string; readonly evidence?: readonly string[] }
  /** From the call to its end, the start of the deployer included. */
  readonly callSeconds: number
}

export interface Options {
  /** Name of the project: the stack is called NAME-staging. */
  readonly project: string
  readonly port: number
  readonly stackFile?: string
  /** undefined: this machine's. */
  readonly dockerHost?: string
}

/** A staging of its own, which the deployer's command line changes. */
export class Environment {
  readonly stack: string
  readonly folder: string
  private readonly options: Options

  private constructor(options: Options, folder: string) {
    this.options = options
    this.stack = `${options.project}-staging`
    this.folder = folder
  }

  static async create(options: Options): Promise<Environment> {
    const folder = await mkdtemp(join(tmpdir(), "lockstep-bench-"))
    const settings = await readFile(join(projectDir, "app/config/staging.env"), "utf8")
    await writeFile(join(folder, "settings.env"), `${settings}DIAGNOSTICS=on\n`)
    return new Environment(options, folder)
  }

  /** Settings as staging has them, with these lines more. */
  async settings(name: string, lines: string): Promise<string> {
    const file = join(this.folder, name)
    await writeFile(file, `${await readFile(join(this.folder, "settings.env"), "utf8")}${lines}\n`)
    return file
  }

  async deploy(images: Images, ...more: string[]): Promise<Outcome> {
    const { port, stackFile = "docker/docker-compose.prod.yml" } = this.options
    const named = Object.entries(images).flatMap(([name, reference]) => ["--image", `${name}=${reference}`])
    const settings = ["--config", join(this.folder, "settings.env")]
    return this.call("deploy", "--stack", stackFile, "--port", String(port), ...named, ...settings, ...more)
  }

  async rollback(): Promise<Outcome> {
    return this.call("rollback")
  }

  docker(...args: string[]) {
    return execa("docker", args, { env: this.dockerEnvironment() })
  }

  /** Takes away the stack, its history and its material. */
  async remove(): Promise<void> {
    await this.call("stop")
    await this.call("clean")
    await rm(this.folder, { recursive: true, force: true })
  }

  private async call(verb: string, ...args: string[]): Promise<Outcome> {
    const started = performance.now()
    const command = ["--import", "tsx", "ci/deployer/main.ts", verb, "--env", "staging", "--json", ...args]
    const env = { LOCKSTEP_PROJECT: this.options.project, TMPDIR: this.folder, ...this.dockerEnvironment() }
    const {
      exitCode = -1,
      stdout,
      stderr,
    } = await execa("node", command, {
      ...{ cwd: projectDir, env, reject: false },
    })
    const callSeconds = (performance.now() - started) / 1000
    const printed = stdout.startsWith("{") ? JSON.parse(stdout) : { error: { code: stderr } }
    return { ...printed, exitCode, callSeconds }
  }

  private dockerEnvironment(): Record<string, string> {
    return this.options.dockerHost ? { DOCKER_HOST: this.options.dockerHost } : {}
  }
}

export function insistOnSuccess(outcome: Outcome): Outcome {
  if (outcome.exitCode === 0) return outcome
  throw new Error(`a release failed with ${outcome.exitCode}: ${JSON.stringify(outcome.error)}`)
}

/** Two releases of the shipped application: between them, one line was added to a file, by default to the backend. */
export async function publishTwo(
  file = "app/backend/main.ts",
  line = 'console.debug("the second release")',
): Promise<[Images, Images]> {
  const clone = await Clone.create()
  try {
    const first = await publish(clone)
    await appendFile(join(clone.dir, file), `\n${line}\n`)
    return [first, await publish(clone)]
  } finally {
    await clone.remove()
  }
}

/** Builds and pushes what the clone holds. */
export async function publish(clone: Clone): Promise<Images> {
  const references = JSON.parse(await clone.succeed("images", "publish", "--json")) as string[]
  return Object.fromEntries(references.map(reference => [/([^/]+)@/.exec(reference)?.[1] ?? "", reference]))
}
