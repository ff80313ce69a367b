import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { execa } from "execa"
import { labelled, removeLabelled } from "../../../ci/engine/lib/labelled.ts"
import { freePort } from "../../deployment/real-docker.ts"
import { Clone } from "../../e2e/clone.ts"

const project = `lockstep-e2e-${process.pid}`
const label = `com.docker.compose.project=${project}-dev`
export const kinds = ["containers", "volumes", "networks", "images"] as const

/** A clone with ports and names of its own, and `npm run dev` in it. */
export class Environment {
  readonly dir: string
  readonly ports: { page: number; backend: number; debugger: number }
  readonly #clone: Clone

  private constructor(clone: Clone, ports: Environment["ports"]) {
    this.#clone = clone
    this.dir = clone.dir
    this.ports = ports
  }

  static async create(): Promise<Environment> {
    const ports = { page: await freePort(), backend: await freePort(), debugger: await freePort() }
    const environment = new Environment(await Clone.create(), ports)
    await environment.write(
      ".env",
      [
        ...[`PROJECT=${project}`, `DEV_PORT=${ports.page}`],
        ...[`DEV_BACKEND_PORT=${ports.backend}`, `DEV_DEBUG_PORT=${ports.debugger}`],
      ].join("\n"),
    )
    return environment
  }

  get page(): string {
    return `http://localhost:${this.ports.page}`
  }

  get backend(): string {
    return `http://localhost:${this.ports.backend}`
  }

  /** Types the command as a person does, and waits for its end. */
  dev(...args: string[]) {
    return execa("npm", ["run", "--silent", "dev", "--", ...args], {
      cwd: this.dir,
      reject: false,
      all: true,
    })
  }

  /** The command in a process group of its own, as a terminal runs it: Ctrl-C reaches all of the group. */
  inTerminal() {
    const options = { cwd: this.dir, reject: false, all: true, detached: true } as const
    const running = execa("npm", ["run", "--silent", "dev"], options)
    const pressCtrlC = () => process.kill(-Number(running.pid), "SIGINT")
    return { running, pressCtrlC }
  }

  async read(file: string): Promise<string> {
    return await readFile(join(this.dir, file), "utf8")
  }

  async write(file: string, text: string): Promise<void> {
    await writeFile(join(this.dir, file), text)
  }

  async replace(file: string, from: string, to: string): Promise<void> {
    const text = await this.read(file)
    if (!text.includes(from)) throw new Error(`${file} does not have: ${from}`)
    await this.write(file, text.replace(from, to))
  }

  /** Runs a command in a service's container. */
  async inside(service: "backend" | "frontend", ...command: string[]): Promise<string> {
    const { stdout } = await execa("docker", ["exec", `${project}-dev-${service}-1`, ...command])
    return stdout
  }

  /** What `docker inspect` says of a service's container. */
  async container(service: "backend" | "frontend") {
    const { stdout } = await execa("docker", ["container", "inspect", `${project}-dev-${service}-1`])
    return JSON.parse(stdout)[0]
  }

  /** All that Docker has of it. */
  async left(): Promise<string[]> {
    return (await Promise.all(kinds.map(kind => labelled(kind, label)))).flat()
  }

  async remove(): Promise<void> {
    for (const kind of kinds) await removeLabelled(kind, label)
    await this.#clone.remove()
  }
}

/** The answer's text, or nothing while nobody answers. */
export async function textOf(url: string): Promise<string> {
  return await fetch(url, { signal: AbortSignal.timeout(5000) }).then(
    answer => answer.text(),
    () => "",
  )
}

/** Milliseconds until it holds. */
export async function timeUntil(holds: () => Promise<boolean>, patienceMs = 20_000): Promise<number> {
  const started = performance.now()
  while (!(await holds())) {
    if (performance.now() - started > patienceMs) throw new Error(`not so after ${patienceMs} ms`)
    await sleep(20)
  }
  return performance.now() - started
}
