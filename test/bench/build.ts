import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { execa } from "execa"
import { startTwin } from "../../ci/engine/reproduce/twin.ts"
import { makeCompose, readyCompose } from "../../ci/engine/steps/compose.ts"
import { ensureInDocker } from "../../ci/engine/steps/local-images.ts"
import { nodeImageReference, versions } from "../../ci/engine/versions.ts"
import { Clone } from "../e2e/clone.ts"
import { machine, median } from "./table.ts"

const rounds = 5
const images = ["backend", "frontend", "edge"]
const bases = [nodeImageReference, `library/caddy:${versions.caddy}`]
const certificates = "id=ca-certificates,src=/etc/ssl/certs/ca-certificates.crt"

/** Both ways of building the three images of a clone, each as a person would type it. */
interface Builders {
  clone: Clone
  /** Loads the module and does nothing with it. */
  functions(): Promise<void>
  /** Has the engine pull and unpack the base images, which Docker has. */
  pull(): Promise<void>
  dagger(): Promise<void>
  docker(...options: string[]): Promise<void>
}

/**
 * Times `dagger call build` against `docker build` of the same three files, one process beside the other: with nothing
 * built before, unchanged, and after one line of the backend was edited. The engine is a second one with no state; Docker
 * gets --no-cache and a cache of npm's that is empty. Both have the base images. `dagger call build` also compares the
 * clone with its commit, looks the bases up in the lock, and brings the images into the form in which their digests are
 * the same everywhere.
 *
 * @returns a table in Markdown: seconds, and the ratio of the medians
 */
export async function benchBuild(): Promise<string> {
  if (!(await readyCompose())) await makeCompose()
  for (const reference of bases) await ensureInDocker(reference, () => undefined)
  const clone = await Clone.create()
  const engine = await startTwin(`${process.pid}-bench`)
  try {
    return table(await measure({ clone, ...builders(clone, engine.address) }))
  } finally {
    await engine.remove()
    await clone.remove()
    await execa("docker", ["rmi", "-f", ...images.map(tag)], { reject: false })
  }
}

function builders(clone: Clone, address: string): Omit<Builders, "clone"> {
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
      const build = (name: string) => {
        const args = ["--quiet", "--secret", certificates, "-f", `docker/Dockerfile.${name}`, "-t", tag(name)]
        return execa("docker", ["build", ...options, ...args, "."], { cwd: clone.dir })
      }
      await Promise.all(images.map(build))
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

async function measure({ clone, functions, pull, dagger, docker }: Builders): Promise<Times[]> {
  const cold = [
    // The engine of a machine that has built before knows the module; only the images are new to it.
    { name: "the first call of an empty engine", dagger: [await timed(functions)], docker: [] },
    { name: "the base images pulled", dagger: [await timed(pull)], docker: [] },
    {
      name: "nothing built before",
      dagger: [await timed(dagger)],
      docker: [await coldDocker(clone, docker)],
    },
  ]
  const unchanged: Times = { name: "unchanged", dagger: [], docker: [] }
  const edited: Times = { name: "one line of the backend edited", dagger: [], docker: [] }
  for (let round = 0; round < rounds; round++) {
    unchanged.dagger.push(await timed(dagger))
    unchanged.docker.push(await timed(docker))
    await edit(clone, round)
    edited.dagger.push(await timed(dagger))
    edited.docker.push(await timed(docker))
  }
  return [...cold, unchanged, edited]
}

/** The Dockerfiles' cache of npm's under a name that nobody has used. */
async function coldDocker(clone: Clone, docker: Builders["docker"]): Promise<number> {
  for (const name of images) {
    const file = join(clone.dir, "docker", `Dockerfile.${name}`)
    const text = await readFile(file, "utf8")
    await writeFile(file, text.replaceAll("type=cache,", `type=cache,id=bench-${process.pid},`))
  }
  try {
    return await timed(() => docker("--no-cache"))
  } finally {
    await execa("git", ["checkout", "--quiet", "docker"], { cwd: clone.dir })
    // So that an unchanged build is one, for both.
    await docker()
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
    `${rounds} rounds, medians, three images; ${machine()}`,
    "",
    "| what | `dagger call build`, s | `docker build`, s | ratio |",
    "|---|---:|---:|---:|",
    ...rows,
  ].join("\n")
}
