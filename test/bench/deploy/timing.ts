import { writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { freePort } from "../../ci/deployer/real-docker.ts"
import { machine, median } from "../table.ts"
import { BareStack, untilHealthy, untilUpdated } from "./bare.ts"
import { Environment, type Images, insistOnSuccess, publishTwo } from "./environment.ts"

const rounds = 5
const replicas = 2

interface Times {
  /** From the call until all replicas of the new images are healthy. */
  readonly switched: number[]
  /** From the call until nothing is left to wait for. */
  readonly whole: number[]
}

/**
 * A deploy by the deployer against a bare `docker stack deploy` of the same stack and waiting for health, in turn; then
 * a release that its users would find broken.
 *
 * @returns two tables in Markdown, in seconds
 */
export async function benchDeployTime(): Promise<string> {
  const project = `bench-${process.pid}`
  const environment = await Environment.create({ project, port: await freePort() })
  const port = await freePort()
  const broken = await Environment.create({ project: `${project}-b`, port })
  const bare = new BareStack(`${project}-bare`, await freePort(), replicas, join(tmpdir(), `${project}-bare`))
  try {
    const images = await publishTwo()
    const [ours, theirs] = await compare(environment, bare, images)
    const recovery = await breakRelease(broken, port, images)
    return [comparison(ours, theirs), "", ...recovery].join("\n")
  } finally {
    await bare.remove()
    await environment.remove()
    await broken.remove()
  }
}

async function compare(
  environment: Environment,
  bare: BareStack,
  images: [Images, Images],
): Promise<[Times, Times]> {
  const ours: Times = { switched: [], whole: [] }
  const theirs: Times = { switched: [], whole: [] }
  const flags = ["--replicas", String(replicas)]
  for (let round = 0; round <= rounds; round++) {
    const next = images[round % 2] as Images
    const deployed = () => environment.deploy(next, ...flags).then(insistOnSuccess)
    await measure(ours, environment.stack, next, round, deployed)
    await measure(theirs, bare.stack, next, round, async () => {
      await bare.deploy(next)
      await untilHealthy(bare.stack, wanted(next))
      await untilUpdated(bare.stack)
    })
  }
  return [ours, theirs]
}

/** The first round makes the stack, and is not counted. */
async function measure(
  times: Times,
  stack: string,
  images: Images,
  round: number,
  work: () => Promise<unknown>,
) {
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  const working = work()
  await untilHealthy(stack, wanted(images))
  const switched = seconds()
  await working
  if (round === 0) return
  times.switched.push(switched)
  times.whole.push(seconds())
  console.error(`${stack}: switched after ${switched.toFixed(1)} s, ${seconds().toFixed(1)} s in all`)
}

function wanted({ backend = "", frontend = "" }: Images): ReadonlyMap<string, number> {
  return new Map([
    [backend, replicas],
    [frontend, 1],
  ])
}

function comparison(ours: Times, theirs: Times): string {
  const cells = (times: Times) => [
    ...[Math.min(...times.switched), median(times.switched), Math.max(...times.switched)],
    median(times.whole),
  ]
  const row = (name: string, times: Times, ratio: string) =>
    `| ${[name, ...cells(times).map(cell => cell.toFixed(1)), ratio].join(" | ")} |`
  return [
    `${rounds} rounds, ${replicas} backends, without load; ${machine()}`,
    "",
    "| seconds from the call until | all replicas are new, min | median | max | all is over, median | ratio |",
    "|---|---:|---:|---:|---:|---:|",
    row("the deployer", ours, (median(ours.switched) / median(theirs.switched)).toFixed(2)),
    row("`docker stack deploy`, then waiting for health", theirs, "1.00"),
  ].join("\n")
}

/** Live, and never ready: Docker calls it healthy, so that only the probes find it out. */
async function breakRelease(
  environment: Environment,
  port: number,
  [good]: [Images, Images],
): Promise<string[]> {
  const flags = ["--replicas", String(replicas)]
  const sick = await environment.settings(
    "sick.env",
    "HEALTH_CRITICAL_CHECKS=pinecone\nPINECONE_INDEX_HOST=http://127.0.0.1:9\n",
  )
  const secrets = join(environment.folder, "secrets")
  await writeFile(secrets, "PINECONE_API_KEY=nothing-secret\n")
  const rows: string[] = []
  insistOnSuccess(await environment.deploy(good, ...flags, "--secrets", secrets))
  for (let round = 1; round <= 3; round++) {
    const watch = new ReadinessWatch(`http://127.0.0.1:${port}/health/ready`)
    const outcome = await environment.deploy(good, ...flags, "--secrets", secrets, "--config", sick)
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
