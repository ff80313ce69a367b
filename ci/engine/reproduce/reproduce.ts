import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { KitError } from "../lib/errors.ts"
import { interruption } from "../lib/interruption.ts"
import type { Progress } from "../lib/progress.ts"
import { run } from "../lib/run.ts"
import { daggerCall } from "../start.ts"
import { checkOut, type Manner } from "./checkout.ts"
import { firstDifference } from "./difference.ts"
import { type BuiltImage, comparison, readImages } from "./image.ts"
import { type Fetched, startTwin } from "./twin.ts"

/** What two people's machines have in common least: where a clone is, who may read it, when it was made. */
const manners: Manner[] = [
  { folder: "one", umask: "077", fileMode: "0600", time: "2001-02-03T04:05:06Z" },
  { folder: join("somewhere", "else", "two"), umask: "000", fileMode: "0777", time: "2033-10-11T12:13:14Z" },
]

/**
 * Builds the commit that is checked out on two engines that have never built anything, each from a clone of its own,
 * and prints the digests of all images. The second engine has no network: it gets what the first one fetched. Nothing
 * of it stays, but the images if they differ.
 *
 * @throws KitError KIT_NOT_REPRODUCED, naming the first file that differs
 */
export async function reproduce(progress: Progress, projectDir: string): Promise<void> {
  const commit = await run("git", ["rev-parse", "HEAD"], { cwd: projectDir })
  const dir = await mkdtemp(join(tmpdir(), "lockstep-reproduce-"))
  progress.say(`Building commit ${commit} on two empty engines; changes that are not committed are left out`)
  const interrupted = interruption()
  let difference: string | undefined
  try {
    const builds: BuiltImage[][] = []
    for (const [index, manner] of manners.entries())
      builds.push(await build(progress, index + 1, { projectDir, commit, dir, manner, interrupted }))
    difference = await compare(progress, builds as [BuiltImage[], BuiltImage[]])
  } finally {
    if (difference === undefined) await rm(dir, { recursive: true, force: true })
  }
  if (difference !== undefined) throw notReproduced(difference, dir)
  progress.say(`Equal after ${progress.elapsed()}: both engines made the same images, byte for byte`)
}

/** @returns the first difference of each image that has one */
async function compare(
  progress: Progress,
  [ones, twos]: [BuiltImage[], BuiltImage[]],
): Promise<string | undefined> {
  const found: string[] = []
  for (const one of ones) {
    const two = twos.find(({ name }) => name === one.name)
    if (!two) throw new Error(`engine 2 made no image ${one.name}`)
    progress.say(`\n${comparison(one, two)}`)
    const difference = await firstDifference(one, two)
    if (difference) found.push(`${one.name}: ${difference}`)
  }
  progress.say("")
  return found.length > 0 ? found.join("\n") : undefined
}

interface Attempt {
  projectDir: string
  commit: string
  dir: string
  manner: Manner
  interrupted: AbortSignal
}

/** One after the other: a time that got into the image shows, since it is another one. */
async function build(progress: Progress, number: number, attempt: Attempt): Promise<BuiltImage[]> {
  const { projectDir, commit, dir, manner, interrupted } = attempt
  const clone = join(dir, "clones", manner.folder)
  const layouts = join(dir, `images-${number}`)
  await progress.step(`clone ${number}`, async note => {
    await checkOut(projectDir, commit, clone, manner)
    note(`umask ${manner.umask}, files ${manner.fileMode} of ${manner.time.slice(0, 10)}`)
  })
  const record: Fetched = { mode: number === 1 ? "record" : "replay", store: join(dir, "fetched") }
  const twin = await progress.step(`engine ${number}`, async note => {
    note(number === 1 ? "what it fetches is recorded" : "has no network, only that record")
    return await startTwin(`${process.pid}-${number}`, record)
  })
  try {
    await progress.step(`build ${number}`, () =>
      daggerCall(clone, ["images", "layouts", "export", "--path", layouts], {
        env: { _EXPERIMENTAL_DAGGER_RUNNER_HOST: twin.address },
        cancelSignal: interrupted,
      }),
    )
  } finally {
    await progress.step(`remove ${number}`, () => twin.remove())
  }
  await rm(join(dir, "clones"), { recursive: true })
  return await readImages(layouts)
}

function notReproduced(difference: string, dir: string): KitError {
  return new KitError("KIT_NOT_REPRODUCED", "the two engines made different images of the same commit", {
    why: difference,
    fix: `take what differs (a time, an order, a random name) out of what the Dockerfile runs; all images are in ${dir}`,
  })
}
