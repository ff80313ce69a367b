import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { registryPort } from "../../ci/engine/versions.ts"
import type { DockerHost } from "../docker-host/host.ts"
import { TestStack } from "./deployer.ts"
import { freePort, type Mode, makeImages, removeImages } from "./real-docker.ts"
import { stackOfCluster, stackOfOne, stackOfTwo } from "./stack-files.ts"

/** What the stacks of one test file share. All of it is named after this run, and removed after it. */
export class SetUp {
  readonly images: Record<Mode, string>
  readonly folder: string
  readonly #run: string
  readonly #label: string
  readonly #stacks: TestStack[] = []

  private constructor(run: string, label: string, folder: string, images: Record<Mode, string>) {
    this.images = images
    this.folder = folder
    this.#run = run
    this.#label = label
  }

  static async create(repository = `localhost:${registryPort}/lockstep-test`): Promise<SetUp> {
    const folder = await mkdtemp(join(tmpdir(), "lockstep-test-"))
    const run = `t${process.pid}${folder.slice(-3).toLowerCase().replace(/\W/g, "")}`
    const label = `lockstep.test=${run}`
    const images = await makeImages(folder, `${repository}/${run}`, label)
    await writeFile(join(folder, "one.yml"), await stackOfOne())
    await writeFile(join(folder, "two.yml"), await stackOfTwo())
    await writeFile(join(folder, "cluster.yml"), await stackOfCluster())
    return new SetUp(run, label, folder, images)
  }

  /** The backend alone, which has the port of the host. */
  async stackOfOne(name: string): Promise<TestStack> {
    return this.#stack(name, "one.yml", {})
  }

  /** With an edge before the backend, which stays while that is replaced. */
  async stackOfTwo(name: string): Promise<TestStack> {
    return this.#stack(name, "two.yml", { edge: this.images.edge })
  }

  /** With an edge, on another Docker. */
  async stackOn(host: DockerHost, name: string): Promise<TestStack> {
    const at = { docker: host.url, addresses: [host.address] }
    return this.#stack(name, "two.yml", { edge: this.imageOn(host, "edge") }, at)
  }

  /** With an edge, on the machines of a cluster that have the label for it. */
  async stackOnCluster(hosts: readonly DockerHost[], manager: DockerHost): Promise<TestStack> {
    const at = { docker: manager.url, addresses: hosts.map(({ address }) => address) }
    return this.#stack("cluster", "cluster.yml", { edge: this.imageOn(manager, "edge") }, at)
  }

  /** As that host's Docker knows it. */
  imageOn({ registry }: DockerHost, mode: Mode): string {
    return this.images[mode].replace(/^[^/]+/, registry)
  }

  async #stack(name: string, file: string, others: Record<string, string>, at = {}): Promise<TestStack> {
    const project = `${this.#run}-${name}`
    const options = { project, stackFile: join(this.folder, file), port: await freePort(), others, ...at }
    const stack = new TestStack(options)
    this.#stacks.push(stack)
    return stack
  }

  async remove(): Promise<void> {
    // What another Docker runs goes with that.
    const here = this.#stacks.filter(({ options }) => options.docker === undefined)
    await Promise.all(here.map(stack => stack.remove()))
    await removeImages(this.#label)
    await rm(this.folder, { recursive: true, force: true })
  }
}
