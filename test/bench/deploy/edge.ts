import { setTimeout as sleep } from "node:timers/promises"
import { freePort } from "../../deployment/real-docker.ts"
import { percentile } from "../health/load.ts"
import { machine } from "../table.ts"
import { Environment, type Images, insistOnSuccess, publishTwo } from "./environment.ts"
import { type Failure, OpenLoop } from "./open-loop.ts"

const rate = 100
const rounds = 3
const header = [
  "| load | requests | turned away | cut off | first to last failure, s | p99 of the others, ms |",
  "|---|---:|---:|---:|---:|---:|",
]

/**
 * Replaces the edge itself under load, the application unchanged: with quick requests alone, and with one of 5 s each
 * second, which the edge that goes lets end.
 *
 * @returns a table in Markdown: one line for each replacement
 */
export async function benchDeployEdge(): Promise<string> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const environment = await Environment.create({ project: `bench-${process.pid}`, port })
  try {
    const images = await publishTwo("docker/Caddyfile.edge", "# another edge")
    insistOnSuccess(await environment.deploy(images[1]))
    const rows: string[] = []
    for (const slow of [false, true])
      for (let round = 0; round < rounds; round++)
        rows.push(
          `| ${rows.length + 1}: ${await replaceEdge(environment, url, images[rows.length % 2] as Images, slow)} |`,
        )
    return [`${rate} requests a second, one backend; ${machine()}`, "", ...header, ...rows].join("\n")
  } finally {
    await environment.remove()
  }
}

async function replaceEdge(
  environment: Environment,
  url: string,
  images: Images,
  slow: boolean,
): Promise<string> {
  const load = new OpenLoop(url, rate, slow)
  await sleep(5000)
  insistOnSuccess(await environment.deploy(images))
  await load.stop()
  const { requests, latencies } = load.sent("before")
  const cut = load.failures.filter(cutOff).length
  const due = load.failures.map(({ at }) => Date.parse(at))
  const gap = due.length === 0 ? 0 : (Math.max(...due) - Math.min(...due)) / 1000
  const turnedAway = load.failures.length - cut
  const cells = [requests, turnedAway, cut, gap.toFixed(1), percentile(latencies, 0.99).toFixed(1)]
  const name = slow ? "quick ones, and one of 5 s each second" : "quick ones alone"
  console.error(
    `${name}: ${cells.join(", ")}; ${[...new Set(load.failures.map(({ why }) => why))].join(", ")}`,
  )
  return [name, ...cells].join(" | ")
}

/** Failed after a while: the edge had it already. Where nobody listens, it is refused or reset at once. */
function cutOff({ afterMs }: Failure): boolean {
  return afterMs > 1000
}
