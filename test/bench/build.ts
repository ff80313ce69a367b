import { randomUUID } from "node:crypto"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { execa } from "execa"
import { startTwin } from "../../ci/engine/reproduce/twin.ts"
import { makeCompose, readyCompose } from "../../ci/engine/steps/compose.ts"
import { ensureInDocker } from "../../ci/engine/steps/local-images.ts"
import { nodeImageReference, versions } from "../../ci/engine/versions.ts"
import { Clone } from "../e2e/clone.ts"
import { machine, median } from "./table.ts"

/** With nothing built before, each on an engine of its own; what npm fetches takes now longer, now less. */
const coldRounds = 3
const rounds = 5
const images = ["backend", "frontend", "edge"]
const bases = [nodeImageReference, `library/caddy:${versions.caddy}`]
const certificates = "id=ca-certificates,src=/etc/ssl/certs/ca-certificates.crt"

/** Both ways of building the three images of a clone, each as a person would type it. */
interface Builders {
  /** Loads the module and does nothing with it. */
  functions(): Promise<void>
  /** Has the engine pull and unpack the base images, which Docker has. */
  pull(): Promise<void>
  dagger(): Promise<void>
  docker(...options: string[]): Promise<void>
  /** One image after the other, as by three commands in a row. */
  dockerInTurn(...options: string[]): Promise<void>
}

/**
 * Times `dagger call build` against `docker build` of the same three files, one process beside the other: with nothing
 * built before (there one after the other as well), unchanged, and after one line of the backend was edited. The engines
 * are others than the one that runs, with no state; Docker gets --no-cache and a cache of npm's that is empty. Both have
 * the base images. `dagger call build` also compares the clone with its commit, looks the bases up in the lock, and
 * brings the images into the form in which their digests are the same everywhere.
 *
 * @returns a table in Markdown: seconds, and the ratio of the medians
 */
export async function benchBuild(): Promise<string> {
  if (!(await readyCompose())) await makeCompose()
  for (const reference of bases) await ensureInDocker(reference, () => undefined)
  const clone = await Clone.create()
  try {
    const cold = new Series()
    for (let round = 0; round < coldRounds; round++) await onEmptyEngine(clone, coldRound(clone, cold))
    const warm = new Series()
    await onEmptyEngine(clone, warmRounds(clone, warm))
    return table([...cold.rows, ...warm.rows])
  } finally {
    await clone.remove()
    await execa("docker", ["rmi", "-f", ...images.map(tag)], { reject: false })
  }
}

async function onEmptyEngine(clone: Clone, measure: (builders: Builders) => Promise<void>): Promise<void> {
  const engine = await startTwin(`${process.pid}-bench`)
  try {
    await measure(builders(clone, engine.address))
  } finally {
    await engine.remove()
  }
}

function builders(clone: Clone, address: string): Builders {
  const build = async (name: string, options: string[]) => {
    const args = ["--quiet", "--secret", certificates, "-f", `docker/Dockerfile.${name}`, "-t", tag(name)]
    await execa("docker", ["build", ...options, ...args, "."], { cwd: clone.dir })
  }
  const env = { _EXPERIMENTAL_DAGGER_RUNNER_HOST: address, DO_NOT_TRACK: "1", DAGGER_NO_NAG: "1" }
  const run = async (...args: string[]) => {
    await execa("dagger", ["--progress=plain", ...args], { cwd: clone.dir, env })
  }
  return {
    functions: () => run("functions"),
    async pull() {
      const unpack = (base: string) =>
        run("core", "container", "from", `--address=docker.io/${base}`, "rootfs", "entries")
      await Promise.all(bases.map(unpack))
    },
    dagger: () => run("call", "build"),
    async docker(...options) {
      await Promise.all(images.map(name => build(name, options)))
    },
    async dockerInTurn(...options) {
      for (const name of images) await build(name, options)
    },
  }
}

function tag(name: string): string {
  return `lockstep-bench-${name}`
}

interface Times {
  name: string
  dagger: number[]
  docker: number[]
}

/** Times by what was timed, in the order in which it came up. */
class Series {
  readonly rows: Times[] = []

  add(name: string, dagger: number, docker?: number): void {
    const known = this.rows.find(row => row.name === name)
    const row = known ?? { name, dagger: [], docker: [] }
    if (!known) this.rows.push(row)
    row.dagger.push(dagger)
    if (docker !== undefined) row.docker.push(docker)
  }
}

/** The engine of a machine that has built before knows the module; only the images are new to it. */
function coldRound(clone: Clone, times: Series) {
  return async ({ functions, pull, dagger, docker, dockerInTurn }: Builders) => {
    times.add("the first call of an empty engine", await timed(functions))
    times.add("the base images pulled", await timed(pull))
    const built = await timed(dagger)
    times.add("nothing built before", built, await coldDocker(clone, docker))
    times.add("the same, Docker's one after the other", built, await coldDocker(clone, dockerInTurn))
  }
}

function warmRounds(clone: Clone, times: Series) {
  return async ({ dagger, docker }: Builders) => {
    await Promise.all([dagger(), docker()])
    for (let round = 0; round < rounds; round++) {
      times.add("unchanged", await timed(dagger), await timed(docker))
      await edit(clone, round)
      times.add("one line of the backend edited", await timed(dagger), await timed(docker))
    }
  }
}

/** The Dockerfiles' cache of npm's under a name that nobody has used. */
async function coldDocker(clone: Clone, docker: Builders["docker"]): Promise<number> {
  const id = `bench-${randomUUID()}`
  for (const name of images) {
    const file = join(clone.dir, "docker", `Dockerfile.${name}`)
    const text = await readFile(file, "utf8")
    await writeFile(file, text.replaceAll("type=cache,", `type=cache,id=${id},`))
  }
  try {
    return await timed(() => docker("--no-cache"))
  } finally {
    await execa("git", ["checkout", "--quiet", "docker"], { cwd: clone.dir })
  }
}

async function edit(clone: Clone, round: number): Promise<void> {
  const file = join(clone.dir, "app", "backend", "main.ts")
  await writeFile(file, `${await readFile(file, "utf8")}\nconsole.debug("edit ${process.pid} ${round}")\n`)
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

function table(times: Times[]): string {
  const rows = times.map(({ name, dagger, docker }) => {
    const ours = median(dagger)
    if (docker.length === 0) return `| ${name} | ${ours.toFixed(1)} | | |`
    const theirs = median(docker)
    return `| ${name} | ${ours.toFixed(1)} | ${theirs.toFixed(1)} | ${(ours / theirs).toFixed(2)} |`
  })
  return [
    `${coldRounds} rounds from nothing, ${rounds} of the others, medians, three images; ${machine()}`,
    "",
    "| what | `dagger call build`, s | `docker build`, s | ratio |",
    "|---|---:|---:|---:|",
    ...rows,
  ].join("\n")
}
