import { execa } from "execa"

/** What a run of the deployer ended with: its exit code and the JSON that it printed. */
export interface Ran {
  readonly exitCode: number | undefined
  /** Always there, so that a failed comparison shows it. */
  readonly error: { code: string; message: string; why: string; evidence: string[] } | undefined
  // biome-ignore lint/suspicious/noExplicitAny: the deployer's answers are what the tests are about.
  readonly [name: string]: any
}

export interface StackOptions {
  /** Of this test alone. */
  readonly project: string
  readonly stackFile: string
  readonly port: number
  /** Images of all services but the backend, by name. */
  readonly others?: Readonly<Record<string, string>>
  /** DOCKER_HOST; this machine's unless given. */
  readonly docker?: string
  /** The machines that it may answer on; localhost unless given. */
  readonly addresses?: readonly string[]
}

/** A stack of the test's own, and the deployer's command line that changes it. */
export class TestStack {
  readonly stack: string
  readonly options: StackOptions

  constructor(options: StackOptions) {
    this.options = options
    this.stack = `${options.project}-staging`
  }

  /** The same, seen through another manager of its cluster. */
  at(docker: string): TestStack {
    return new TestStack({ ...this.options, docker })
  }

  /** Where it answers: one, or one of these. */
  get urls(): string[] {
    const { addresses = ["localhost"], port } = this.options
    return addresses.map(address => `http://${address}:${port}`)
  }

  /** Starts the deployer, and gives its process. */
  start(args: readonly string[], env: Record<string, string> = {}, nodeOptions: readonly string[] = []) {
    const { project, docker } = this.options
    const command = ["--import", "tsx", ...nodeOptions, "ci/deployer/main.ts", ...args]
    const variables: Record<string, string> = {
      LOCKSTEP_PROJECT: project,
      ...(docker ? { DOCKER_HOST: docker } : {}),
      ...env,
    }
    // Told to stop, the deployer undoes its work first: it is given the time that this takes.
    return execa("node", command, { env: variables, reject: false, forceKillAfterDelay: false } as const)
  }

  async run(verb: string, ...more: string[]): Promise<Ran> {
    return ranTo(await this.start([verb, "--env", "staging", "--json", ...more]))
  }

  deployArgs(backend: string, ...more: string[]): string[] {
    const { port, stackFile, others = {} } = this.options
    const images = Object.entries({ ...others, backend }).flatMap(([name, ref]) => [
      "--image",
      `${name}=${ref}`,
    ])
    const files = ["--stack", stackFile, "--config", "app/config/staging.env"]
    return ["deploy", "--env", "staging", ...files, ...images, "--port", String(port), "--json", ...more]
  }

  async deploy(backend: string, ...more: string[]): Promise<Ran> {
    return ranTo(await this.start(this.deployArgs(backend, ...more)))
  }

  async application(): Promise<Record<string, string>> {
    const answer = await Promise.any(this.urls.map(url => fetch(url)))
    return (await answer.json()) as Record<string, string>
  }

  /** Newest first: how each release ended, with its error's code. */
  async outcomes(): Promise<string[]> {
    const { releases } = await this.run("history")
    return releases.map(({ ended }: { ended?: { outcome: string; code?: string } }) => {
      return [ended?.outcome ?? "under way", ended?.code].filter(Boolean).join(" ")
    })
  }

  async docker(...args: string[]): Promise<string> {
    const { docker } = this.options
    return (await execa("docker", [...(docker ? ["--host", docker] : []), ...args])).stdout
  }

  /** The running containers of one service, or of all. */
  async containers(service = ""): Promise<string[]> {
    const list = ["ps", "--quiet", "--no-trunc", ...this.#own, "--filter", `name=${this.stack}_${service}`]
    return lines(await this.docker(...list)).sort()
  }

  /** All that is left when it should not run. */
  async leftovers(): Promise<string[]> {
    const kinds = [
      ["service", "ls"],
      ["network", "ls"],
      ["ps", "--all"],
    ]
    const lists = await Promise.all(kinds.map(kind => this.docker(...kind, "--quiet", ...this.#own)))
    return lists.flatMap(lines)
  }

  /** Removes it with its history, secrets, configs and volumes; the images are those of other stacks as well. */
  async remove(): Promise<void> {
    await this.run("stop")
    const volumes = lines(await this.docker("volume", "ls", "--quiet", ...this.#own))
    if (volumes.length > 0) await this.docker("volume", "rm", ...volumes)
    for (const kind of ["config", "secret"]) {
      for (const label of ["com.docker.stack.namespace", "io.lockstep.stack"]) {
        const list = [kind, "ls", "--quiet", "--filter", `label=${label}=${this.stack}`]
        const ids = lines(await this.docker(...list))
        // Seen once: one of the list was gone by then.
        for (const id of ids) await this.docker(kind, "rm", id).catch(unlessGone)
      }
    }
  }

  get #own(): string[] {
    return ["--filter", `label=com.docker.stack.namespace=${this.stack}`]
  }
}

type Process = ReturnType<TestStack["start"]>

/** Of a deployer that was called with --json. */
export function ranTo(ended: { exitCode?: number | undefined; stdout: string }): Ran {
  return { exitCode: ended.exitCode, error: undefined, ...JSON.parse(ended.stdout || "{}") }
}

/** Until the deployer says something like this on its standard error; fails when it ends without. */
export async function says(process: Process, words: RegExp): Promise<void> {
  let said = ""
  const found = new Promise<boolean>(resolve => {
    process.stderr.on("data", (text: Buffer) => {
      said += text
      if (words.test(said)) resolve(true)
    })
  })
  if (await Promise.race([found, process.then(() => false)])) return
  throw new Error(`it never said ${words}:\n${said}`)
}

/** The lines of what a command printed. */
export function lines(text: string): string[] {
  return text.split("\n").filter(Boolean)
}

function unlessGone(error: Error): void {
  if (!error.message.includes("could not find")) throw error
}
