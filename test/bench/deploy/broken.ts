import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { freePort } from "../../deployment/real-docker.ts"
import { machine } from "../table.ts"
import { Environment, type Images, insistOnSuccess, publishTwo } from "./environment.ts"

const rounds = 3
const replicas = 2
/** A dependency that is not there: the service goes on without it, unless it is said to be critical. */
const absent = "PINECONE_INDEX_HOST=http://127.0.0.1:9"

/**
 * A release that its users would find broken: live, and never ready, because of its settings. Docker calls it healthy,
 * so that only the probes find it out.
 *
 * @returns a table in Markdown: seconds from the first failed probe until only the old release answers
 */
export async function benchDeployBroken(): Promise<string> {
  const port = await freePort()
  const environment = await Environment.create({ project: `bench-${process.pid}`, port })
  try {
    const [good] = await publishTwo()
    return [`${replicas} backends; ${machine()}`, "", ...(await breakRelease(environment, port, good))].join(
      "\n",
    )
  } finally {
    await environment.remove()
  }
}

async function breakRelease(environment: Environment, port: number, good: Images): Promise<string[]> {
  const sick = await environment.settings("sick.env", `${absent}\nHEALTH_CRITICAL_CHECKS=pinecone`)
  const secrets = join(environment.folder, "secrets")
  await writeFile(secrets, "PINECONE_API_KEY=nothing-secret\n")
  const flags = ["--replicas", String(replicas), "--secrets", secrets]
  const rows: string[] = []
  insistOnSuccess(
    await environment.deploy(good, ...flags, "--config", await environment.settings("well.env", absent)),
  )
  for (let round = 1; round <= rounds; round++) {
    const watch = new ReadinessWatch(`http://127.0.0.1:${port}/health/ready`)
    const outcome = await environment.deploy(good, ...flags, "--config", sick)
    const { first, last, failed, asked } = await watch.stop()
    if (outcome.exitCode !== 20) throw new Error(`a broken release ended with ${outcome.exitCode}`)
    const cells = [outcome.error?.code, (last - first).toFixed(1), (watch.seconds() - first).toFixed(1)]
    rows.push(`| ${[round, ...cells, `${failed} of ${asked}`].join(" | ")} |`)
  }
  return [
    "| round | found as | from the first failed probe to the last, s | until the deployer says so, s | failed probes |",
    "|---:|---|---:|---:|---:|",
    ...rows,
  ]
}

/** Asks ten times a second whether the environment is ready, as the probes do. */
class ReadinessWatch {
  private readonly started = performance.now()
  private readonly asking: Promise<void>
  private stopped = false
  private first = Number.NaN
  private last = Number.NaN
  private asked = 0
  private failed = 0

  constructor(url: string) {
    this.asking = this.ask(url)
  }

  seconds(): number {
    return (performance.now() - this.started) / 1000
  }

  async stop() {
    this.stopped = true
    await this.asking
    const { first, last, asked, failed } = this
    return { first, last, asked, failed }
  }

  private async ask(url: string): Promise<void> {
    while (!this.stopped) {
      const ready = await fetch(url).then(
        async response => {
          await response.arrayBuffer()
          return response.ok
        },
        () => false,
      )
      this.asked++
      if (!ready) this.note(this.seconds())
      await sleep(100)
    }
  }

  private note(seconds: number): void {
    this.failed++
    if (Number.isNaN(this.first)) this.first = seconds
    this.last = seconds
  }
}
