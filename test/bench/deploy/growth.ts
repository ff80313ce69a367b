import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { parse, stringify } from "yaml"
import { registryPort } from "../../../ci/engine/versions.ts"
import { makeImages, removeImages } from "../../deployment/real-docker.ts"
import { fitLine, formula, type Point } from "../charts/fit.ts"
import { machine } from "../table.ts"
import { Environment, insistOnSuccess } from "./environment.ts"
import { derived } from "./light-image.ts"
import { Nodes } from "./nodes.ts"

const nodeCounts = [1, 2, 3, 4]
const replicaCounts = [2, 4, 8, 16, 32]
/** Not more often: each check starts a process, and 32 containers share two processors. */
const timing = { interval: 2, timeout: 5, retries: 1, startPeriod: 1 }
const port = 8080

interface Cell {
  readonly nodes: number
  readonly replicas: number
  readonly switchSeconds: number
  readonly seconds: number
  /** Of the processor, used by the manager's dockerd during the deploy. */
  readonly managerSeconds: number
  /** Entries that the deploy added to the raft log. */
  readonly entries: number
}

/**
 * How the cost of a deploy grows: a small service without the edge, as 32 backends would not fit. All nodes share this
 * machine's processors, so more nodes bring no more speed.
 *
 * @returns a table in Markdown
 */
export async function benchDeployGrowth(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-growth-"))
  const label = `lockstep.bench=${process.pid}`
  const nodes = await Nodes.create(`bench-${process.pid}`)
  try {
    const images = await twoImages(folder, label, nodes)
    const stackFile = join(folder, "stack.yml")
    await writeFile(stackFile, stackOfOne(await readFile("docker/docker-compose.prod.yml", "utf8")))
    const cells: Cell[] = []
    for (const count of nodeCounts) {
      while (nodes.names.length < count) await nodes.add()
      cells.push(...(await measureOn(nodes, stackFile, images)))
    }
    return table(cells)
  } finally {
    await nodes.remove()
    // The derived ones first: Docker removes no image that another one stands on.
    await removeImages("lockstep.half")
    await removeImages(label)
    await rm(folder, { recursive: true, force: true })
  }
}

async function twoImages(folder: string, label: string, nodes: Nodes): Promise<[string, string]> {
  const repository = `localhost:${registryPort}/lockstep-bench/${process.pid}`
  const { ok } = await makeImages(folder, repository, label)
  const make = (name: string) => derived(ok, { repository, label: `lockstep.half=${name}`, timing })
  return [nodes.reference(await make("first")), nodes.reference(await make("second"))]
}

function stackOfOne(shipped: string): string {
  const file = parse(shipped, { merge: true })
  const { backend } = file.services
  // So small that a node takes all of them.
  backend.deploy.resources.reservations = { cpus: "0.01", memory: "16M" }
  return stringify({ ...file, services: { backend } }, { aliasDuplicateObjects: false })
}

async function measureOn(
  nodes: Nodes,
  stackFile: string,
  images: readonly [string, string],
): Promise<Cell[]> {
  const project = `growth-${nodes.names.length}`
  const dockerHost = await nodes.dockerHost()
  const environment = await Environment.create({ project, port, stackFile, dockerHost })
  const cells: Cell[] = []
  try {
    insistOnSuccess(await environment.deploy({ backend: images[1] }, "--replicas", "1"))
    for (const [round, replicas] of replicaCounts.entries()) {
      await scale(environment, replicas)
      const image = images[round % 2] as string
      const cell = await measure(nodes, environment, image, replicas)
      console.error(JSON.stringify(cell))
      cells.push(cell)
    }
  } finally {
    await environment.remove()
  }
  return cells
}

/** To the size that the next release has anyway, so that the release itself only replaces. */
async function scale(environment: Environment, replicas: number): Promise<void> {
  const service = `${environment.stack}_backend`
  await environment.docker("service", "scale", "--detach", `${service}=${replicas}`)
  const running = ["service", "ls", "--filter", `name=${service}`, "--format", "{{.Replicas}}"]
  while ((await environment.docker(...running)).stdout.split(" ")[0] !== `${replicas}/${replicas}`)
    await sleep(500)
}

async function measure(
  nodes: Nodes,
  environment: Environment,
  image: string,
  replicas: number,
): Promise<Cell> {
  const service = `${environment.stack}_backend`
  const index = async () => {
    const { stdout } = await environment.docker(
      "service",
      "inspect",
      "--format",
      "{{.Version.Index}}",
      service,
    )
    return Number(stdout)
  }
  const [before, entries] = [await nodes.managerSeconds(), await index()]
  const { switchSeconds, seconds } = insistOnSuccess(
    await environment.deploy({ backend: image }, "--replicas", String(replicas)),
  )
  return {
    ...{ nodes: nodes.names.length, replicas, switchSeconds, seconds },
    // As the table has it: the chart, which is drawn from the table, must show the same line.
    managerSeconds: Math.round(((await nodes.managerSeconds()) - before) * 10) / 10,
    entries: (await index()) - entries,
  }
}

function pointsOf(cells: readonly Cell[], value: (cell: Cell) => number): Point[] {
  return cells.map(cell => ({ x: cell.replicas, y: value(cell), series: cell.nodes }))
}

function table(cells: readonly Cell[]): string {
  const fits = [
    ["all replicas new, s", fitLine(pointsOf(cells, cell => cell.switchSeconds))],
    ["the manager's dockerd, processor s", fitLine(pointsOf(cells, cell => cell.managerSeconds))],
    ["entries in the raft log", fitLine(pointsOf(cells, cell => cell.entries))],
  ] as const
  return [
    `small images, nodes that are containers of one machine; ${machine()}`,
    "",
    "| nodes | replicas | all replicas new, s | whole, s | manager's dockerd, processor s | raft log, entries |",
    "|---:|---:|---:|---:|---:|---:|",
    ...cells.map(cell => {
      const { nodes, replicas, switchSeconds, seconds, managerSeconds, entries } = cell
      const cells = [
        nodes,
        replicas,
        switchSeconds.toFixed(1),
        seconds.toFixed(1),
        managerSeconds.toFixed(1),
        entries,
      ]
      return `| ${cells.join(" | ")} |`
    }),
    "",
    ...fits.map(([name, line]) => `- ${name}: ${formula(line)}`),
  ].join("\n")
}
