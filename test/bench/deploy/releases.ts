import { setTimeout as sleep } from "node:timers/promises"
import { freePort } from "../../deployment/real-docker.ts"
import { machine } from "../table.ts"
import { Environment, type Images, insistOnSuccess, type Outcome, publishTwo } from "./environment.ts"
import { type Failure, latencyCells, OpenLoop, type Sent } from "./open-loop.ts"

const rate = 160
const verbs = ["deploy", "deploy", "deploy", "rollback", "deploy", "deploy", "rollback"] as const

export interface Watched {
  readonly verb: string
  readonly outcome: Outcome
  readonly sent: Sent
}

/**
 * The shipped stack under load through five deploys and two rollbacks, each to other images than those that run.
 *
 * @returns a table in Markdown: requests, failed ones, and the latency before the releases and during each
 */
export async function benchDeploy(): Promise<string> {
  const port = await freePort()
  const environment = await Environment.create({ project: `bench-${process.pid}`, port })
  try {
    const images = await publishTwo()
    insistOnSuccess(await environment.deploy(images[1], "--replicas", "2"))
    const load = new OpenLoop(`http://127.0.0.1:${port}`, rate)
    const releases = await releaseUnderLoad(environment, load, images, verbs, ["--replicas", "2"])
    return [
      `${rate} requests a second and one of 5 s, two backends; ${machine()}`,
      "",
      ...report(load, releases),
    ].join("\n")
  } finally {
    await environment.remove()
  }
}

/** Ends the load as well. The quiet time before is for comparison. */
export async function releaseUnderLoad(
  environment: Environment,
  load: OpenLoop,
  images: readonly [Images, Images],
  wanted: readonly ("deploy" | "rollback")[],
  flags: readonly string[],
  quietSeconds = 30,
): Promise<Watched[]> {
  const watched: Watched[] = []
  // The first requests meet cold code.
  load.phase = "warm-up"
  await sleep(5000)
  load.phase = "before"
  await sleep(quietSeconds * 1000)
  let next = 0
  for (const [number, verb] of wanted.entries()) {
    load.phase = `${number + 1}`
    const outcome =
      verb === "rollback"
        ? await environment.rollback()
        : await environment.deploy(images[next] as Images, ...flags)
    insistOnSuccess(outcome)
    next = 1 - next
    watched.push({ verb, outcome, sent: load.sent(load.phase) })
    console.error(`${number + 1} ${verb}: ${outcome.seconds} s, ${load.failures.length} failed so far`)
  }
  await load.stop()
  return watched.map((release, number) => ({ ...release, sent: load.sent(`${number + 1}`) }))
}

export function report(load: OpenLoop, releases: readonly Watched[]): string[] {
  const before = load.sent("before")
  const phases = releases.map((_, number) => `${number + 1}`)
  const during = load.sent(...phases)
  const all = load.sent("warm-up", "before", ...phases)
  const rows = releases.map(({ verb, outcome, sent }, number) =>
    row(`${number + 1}: ${verb}`, sent, [outcome.switchSeconds.toFixed(1), outcome.seconds.toFixed(1)]),
  )
  return [
    "| when | requests | failed | p50 ms | p99 ms | all new after, s | whole, s |",
    "|---|---:|---:|---:|---:|---:|---:|",
    row("before", before, ["", ""]),
    ...rows,
    row("all releases", during, ["", ""]),
    row("**in all**", all, ["", ""]),
    ...load.failures.slice(0, 20).map(failureLine),
  ]
}

function row(name: string, sent: Sent, more: readonly string[]): string {
  return `| ${[name, sent.requests, sent.failed, ...latencyCells(sent), ...more].join(" | ")} |`
}

function failureLine({ at, kind, phase, afterMs, why }: Failure): string {
  return `\n${at} ${kind} in ${phase}: ${why} after ${afterMs} ms`
}
