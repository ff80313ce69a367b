import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import type { Browser, BrowserContextOptions } from "playwright-core"
import { freePort } from "../../deployment/real-docker.ts"
import { startBrowser } from "./browser.ts"
import { LlmServer, model } from "./llm-server.ts"
import { Service } from "./service.ts"
import { Visit } from "./visit.ts"

const vite = "node_modules/vite/bin/vite.js"
const config = ["--config", "app/frontend/vite.config.ts"]

/** What the backend is told about its release. */
export const release = {
  APP_VERSION: "1.4.0",
  APP_COMMIT: "8709760ab3c1d2e4f5061728394a5b6c7d8e9f00",
  APP_DIGEST: `sha256:${"7509bfc0d1c2b3a4".repeat(4)}`,
}

/** The built page behind Vite's preview server, a browser, a model provider, and the real backend. */
export class Stage {
  readonly llm = new LlmServer()
  readonly backendPort: number
  readonly #dir: string
  readonly #port: number
  #browser: Browser | undefined
  #page: Service | undefined
  #backend: Service | undefined
  readonly #visits: Visit[] = []

  private constructor(dir: string, port: number, backendPort: number) {
    this.#dir = dir
    this.#port = port
    this.backendPort = backendPort
  }

  static async create(): Promise<Stage> {
    const dir = await mkdtemp(join(tmpdir(), "lockstep-status-page-"))
    const stage = new Stage(dir, await freePort(), await freePort())
    await Promise.all([stage.llm.start(), stage.#servePage(), stage.#startBrowser()])
    return stage
  }

  async #servePage(): Promise<void> {
    const out = ["--outDir", this.#dir]
    const env = { NODE_ENV: "production", BACKEND_URL: `http://127.0.0.1:${this.backendPort}` }
    await execa(process.execPath, [vite, "build", ...config, ...out, "--logLevel", "warn"], { env })
    const listen = ["--host", "127.0.0.1", "--port", String(this.#port), "--strictPort"]
    this.#page = await Service.start([vite, "preview", ...config, ...out, ...listen], env, `${this.origin}/`)
  }

  async #startBrowser(): Promise<void> {
    this.#browser = await startBrowser()
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Starts the backend as development does, on the port that the page's server knows. */
  async startBackend(env: Record<string, string> = {}): Promise<void> {
    const args = ["--import", "tsx", "app/backend/main.ts"]
    const url = `http://127.0.0.1:${this.backendPort}/health/live`
    this.#backend = await Service.start(args, { ...this.#settings(), ...env }, url)
  }

  #settings(): Record<string, string> {
    return {
      HOST: "127.0.0.1",
      PORT: String(this.backendPort),
      APP_ENV: "staging",
      LOG_LEVEL: "error",
      HEALTH_CHECK_INTERVAL_MS: "250",
      HEALTH_CHECK_TIMEOUT_MS: "200",
      LLM_API_KEY: "key-of-the-test",
      LLM_API_BASE_URL: this.llm.url,
      LLM_MODEL: model,
      ...release,
    }
  }

  async stopBackend(): Promise<void> {
    await this.#backend?.kill()
    this.#backend = undefined
  }

  /** Opens the page in a browser of its own, with a refresh each second. */
  async visit(options: BrowserContextOptions = {}): Promise<Visit> {
    if (!this.#browser) throw new Error("the stage was not created")
    const visit = await Visit.open(this.#browser, this.origin, options)
    this.#visits.push(visit)
    return visit
  }

  /** Ends what one test has started. */
  async clear(): Promise<void> {
    await Promise.all(this.#visits.splice(0).map(visit => visit.close()))
    await this.stopBackend()
    this.llm.mode = "works"
  }

  async close(): Promise<void> {
    await this.clear()
    await this.#browser?.close()
    await this.#page?.kill()
    this.llm.stop()
    await rm(this.#dir, { recursive: true, force: true })
  }
}
