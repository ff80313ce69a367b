import { cp, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { freePort } from "../deployment/real-docker.ts"
import { type Call, Clone, projectDir } from "../e2e/clone.ts"

/** A clone that gets a service of somebody else in place of its application, and deploys it under names of its own. */
export class PlacedService {
  readonly clone: Clone
  /** Where the service was before; outside of the clone. */
  readonly from: string
  readonly port: number
  private readonly project: string

  private constructor(clone: Clone, from: string, port: number, project: string) {
    this.clone = clone
    this.from = from
    this.port = port
    this.project = project
  }

  /** @param name a folder below test/services */
  static async create(name: "fastify" | "plain"): Promise<PlacedService> {
    const from = await mkdtemp(join(tmpdir(), `lockstep-${name}-`))
    await cp(join(projectDir, "test", "services", name), from, { recursive: true })
    return new PlacedService(await Clone.create(), from, await freePort(), `${name}${process.pid}`)
  }

  /** What a person types, with the answer yes to the question whether to apply the changes. */
  async init(...args: string[]): Promise<Call> {
    return await this.clone.dagger("call", "--auto-apply", "init-app", "--from", this.from, ...args)
  }

  async commit(): Promise<void> {
    const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    await this.git("add", "--all")
    await this.git(...author, "commit", "--quiet", "--message", "Put the service in place")
  }

  async git(...args: string[]): Promise<string> {
    return (await execa("git", args, { cwd: this.clone.dir })).stdout
  }

  async call(...args: string[]): Promise<Call> {
    return await this.clone.call(`--project=${this.project}`, ...args)
  }

  /** The call that deploys, without a scan: other tests have that. */
  get deploying(): string[] {
    const options = ["--port", String(this.port), "--allow-unscanned", "--format=json"]
    return ["deploy", "--env", "staging", ...options]
  }

  /** Through the edge. */
  async get(path: string, init: RequestInit = {}): Promise<Response> {
    return await fetch(`http://localhost:${this.port}${path}`, init)
  }

  async remove(): Promise<void> {
    await this.call("stop", "--env", "staging")
    await this.call("clean", "--env", "staging")
    await this.clone.remove()
    await rm(this.from, { recursive: true })
  }
}
