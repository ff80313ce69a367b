import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { execa } from "execa"
import { environments } from "../../../ci/deployer/environments.ts"
import { writeMaterial } from "../../../ci/deployer/material.ts"
import { stackVariables, withVersion } from "../../../ci/deployer/stack-file.ts"
import type { Images } from "./environment.ts"

/** As the deployer computes it for the shipped images. */
const monitorSeconds = 34

/** The shipped stack in a swarm, deployed by `docker stack deploy` alone. */
export class BareStack {
  readonly stack: string
  private readonly port: number
  private readonly replicas: number
  private readonly folder: string
  private runs = 0

  constructor(stack: string, port: number, replicas: number, folder: string) {
    this.stack = stack
    this.port = port
    this.replicas = replicas
    this.folder = folder
  }

  /** Returns once Swarm has taken the stack, as the command itself does. */
  async deploy(images: Images): Promise<void> {
    const text = withVersion(await readFile("docker/docker-compose.prod.yml", "utf8"))
    const env = { ...(await this.variables(text, images)) }
    await execa("docker", ["stack", "deploy", "-c", "-", this.stack], { input: text, env })
  }

  async remove(): Promise<void> {
    await execa("docker", ["stack", "rm", this.stack], { reject: false })
    await sleep(1000)
    await forget(this.stack)
    await rm(this.folder, { recursive: true, force: true })
  }

  private async variables(text: string, images: Images): Promise<Record<string, string>> {
    await mkdir(this.folder, { recursive: true })
    const configFile = join(this.folder, "settings.env")
    await writeFile(configFile, await readFile("app/config/staging.env", "utf8"))
    const material = await writeMaterial(
      this.stack,
      text,
      { secretsFile: undefined, configFile },
      this.folder,
    )
    const named = Object.entries(images).map(([name, reference]) => {
      return { name, reference, digest: reference.replace(/.*@/, "") }
    })
    const digest = named.find(({ name }) => name === "backend")?.digest ?? ""
    const settings = { digest, environment: environments.staging, port: this.port, replicas: this.replicas }
    const run = { DEPLOY_ID: `bare-${++this.runs}`, DEPLOY_TIME: new Date().toISOString() }
    const variables = stackVariables({ ...settings, images: named, monitorSeconds, https: undefined })
    return { ...variables, ...material.versions, ...material.folders, ...run }
  }
}

/** Looks at this machine's containers until so many of each image are healthy in the stack; the same eyes for both ways. */
export async function untilHealthy(stack: string, wanted: ReadonlyMap<string, number>): Promise<void> {
  const filters = ["--filter", `label=com.docker.stack.namespace=${stack}`, "--filter", "health=healthy"]
  for (;;) {
    const { stdout } = await execa("docker", ["ps", "--no-trunc", ...filters, "--format", "{{.Image}}"])
    const images = stdout.split("\n")
    const count = (reference: string) => images.filter(image => image === reference).length
    if ([...wanted].every(([reference, number]) => count(reference) >= number)) return
    await sleep(200)
  }
}

/** Until Swarm calls no service of the stack updating. */
export async function untilUpdated(stack: string): Promise<void> {
  const filter = ["--filter", `label=com.docker.stack.namespace=${stack}`]
  const { stdout } = await execa("docker", ["service", "ls", "--quiet", ...filter])
  const ids = stdout.split("\n").filter(Boolean)
  const format = "{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}"
  for (;;) {
    const states = (await execa("docker", ["service", "inspect", "--format", format, ...ids])).stdout.split(
      "\n",
    )
    if (states.every(state => state !== "updating")) return
    await sleep(200)
  }
}

/** Takes away the material of a stack that is stopped. */
async function forget(stack: string): Promise<void> {
  for (const kind of ["config", "secret"]) {
    const list = [kind, "ls", "--quiet", "--filter", `label=com.docker.stack.namespace=${stack}`]
    const ids = (await execa("docker", list)).stdout.split("\n").filter(Boolean)
    if (ids.length > 0) await execa("docker", [kind, "rm", ...ids])
  }
}
