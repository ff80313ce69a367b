import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort } from "../../deployment/real-docker.ts"
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
 * A deploy by the deployer against a bare `docker stack deploy` of the same stack and waiting for health, in turn.
 *
 * @returns a table in Markdown, in seconds
 */
export async function benchDeployTime(): Promise<string> {
  const project = `bench-${process.pid}`
  const environment = await Environment.create({ project, port: await freePort() })
  const bare = new BareStack(`${project}-bare`, await freePort(), replicas, join(tmpdir(), `${project}-bare`))
  try {
    const images = await publishTwo()
    const [ours, theirs] = await compare(environment, bare, images)
    return comparison(ours, theirs)
  } finally {
    await bare.remove()
    await environment.remove()
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
