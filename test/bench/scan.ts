import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { startTwin } from "../../ci/engine/reproduce/twin.ts"
import { imageNames } from "../../ci/src/lib/images.ts"
import { Clone } from "../e2e/clone.ts"
import { machine, median } from "./table.ts"

const rounds = 3
/** Each is one changed dependency in the lockfile. */
const versions = ["2.1.3", "2.1.2", "2.1.1"]

/**
 * Times whole scans on an engine that has nothing: the first, unchanged ones, and ones with one changed dependency; and
 * the same tools on this machine, one after the other, as a person with the programs and the images at hand would run
 * them. Wall-clock time in seconds.
 *
 * @returns a table in Markdown
 */
export async function benchScan(): Promise<string> {
  const clone = await Clone.create()
  const work = await mkdtemp(join(tmpdir(), "lockstep-bench-scan-"))
  const twin = await startTwin("bench-scan")
  try {
    const call = (...args: string[]) => dagger(clone.dir, twin.address, args)
    const cold = await timed(() => call("security-scan"))
    const warm = await repeated(() => call("security-scan"))
    const changed = []
    for (const version of versions) {
      await execa("npm", ["install", "--package-lock-only", `ms@${version}`], { cwd: clone.dir })
      changed.push(await timed(() => call("security-scan")))
    }
    await call("scan-tools", "export", `--path=${join(work, "bin")}`)
    await call("images", "layouts", "export", `--path=${join(work, "images")}`)
    const byHand = await repeated(() => runByHand(clone, work))
    return table({ cold: [cold], warm, changed, byHand })
  } finally {
    await twin.remove()
    await rm(work, { recursive: true })
    await clone.remove()
  }
}

/** Without the judgement: a person would have to read eight outputs. */
async function runByHand({ dir, database }: Clone, work: string): Promise<void> {
  const db = join(work, "db")
  await mkdir(db, { recursive: true })
  await execa("ln", ["-sfn", database, join(db, "osv-scalibr")])
  const tool = (name: string, ...args: string[]) =>
    execa(join(work, "bin", name), args, { cwd: dir, reject: false })
  const osv = ["scan", "source", "--offline", `--local-db-path=${db}`, "--no-resolve", "--format=json"]
  await tool("osv-scanner", ...osv, "-L", "package-lock.json")
  await tool("gitleaks", "dir", ".", "--exit-code=0")
  await tool("gitleaks", "git", ".", "--exit-code=0")
  await tool("hadolint", ...imageNames.map(name => `docker/Dockerfile.${name}`))
  for (const name of imageNames) {
    const [layout, bom] = [join(work, "images", name), join(work, `${name}.cdx.json`)]
    await tool("syft", "scan", `oci-dir:${layout}`, "-q", "-o", `cyclonedx-json=${bom}`)
    await tool("osv-scanner", ...osv, "-L", bom)
    await searchLayers(layout, join(work, "layers"), tool)
  }
}

async function searchLayers(
  layout: string,
  to: string,
  tool: (name: string, ...args: string[]) => unknown,
): Promise<void> {
  await mkdir(to, { recursive: true })
  const blobs = join(layout, "blobs", "sha256")
  // What is no archive is the configuration.
  for (const blob of await readdir(blobs))
    await execa("tar", ["-xf", join(blobs, blob), "-C", to], { reject: false })
  await tool("gitleaks", "dir", to, "--exit-code=0")
  await execa("chmod", ["-R", "u+rwX", to])
  await rm(to, { recursive: true })
}

async function dagger(cwd: string, engine: string, args: string[]): Promise<void> {
  const env = { DO_NOT_TRACK: "1", DAGGER_NO_NAG: "1", _EXPERIMENTAL_DAGGER_RUNNER_HOST: engine }
  await execa("dagger", ["--progress=plain", "call", ...args], { cwd, env })
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  const seconds = (performance.now() - started) / 1000
  console.log(`${seconds.toFixed(1)} s`)
  return seconds
}

async function repeated(work: () => Promise<void>): Promise<number[]> {
  const times = []
  for (let round = 0; round < rounds; round++) times.push(await timed(work))
  return times
}

function table(times: Record<"cold" | "warm" | "changed" | "byHand", number[]>): string {
  const hand = median(times.byHand)
  const row = (what: string, own: number[]) =>
    `| ${what} | ${median(own).toFixed(1)} | ${(median(own) / hand).toFixed(2)} |`
  return [
    `Once from nothing, ${rounds} rounds of the others (medians), ${machine()}`,
    "",
    "| what | s | ratio |",
    "|---|---|---|",
    row("`security-scan` on an empty engine: compile the tools, build the images, scan", times.cold),
    row("`security-scan`, nothing changed", times.warm),
    row("`security-scan`, one dependency changed", times.changed),
    row("the same tools by hand, one after the other, built and installed before", times.byHand),
  ].join("\n")
}
