import * as commands from "./docker/commands.ts"
import type { Docker } from "./docker/exec.ts"
import { listMaterial } from "./material.ts"
import { readServices } from "./observe.ts"
import { removeObjects } from "./state/objects.ts"
import { type Recorded, readReleases } from "./state/releases.ts"

/** How many releases the history keeps, and how many of those that were deployed, which can be brought back. */
const kept = { all: 50, good: 10 } as const

/** Removes old records, and the secrets and configs that neither a recorded release nor a service has. */
export async function prune(docker: Docker, stack: string): Promise<void> {
  const releases = await readReleases(docker, stack)
  const old = outdated(releases)
  await removeObjects(
    docker,
    old.map(({ object }) => object.id),
  )
  const left = releases.filter(release => !old.includes(release))
  // A release that failed is not brought back: what only it had can go.
  const used = left.filter(({ ended }) => ended?.outcome === "deployed" || ended === undefined)
  const names = new Set(used.flatMap(({ secrets, configs }) => [...secrets, ...configs]))
  const inUse = JSON.stringify((await readServices(docker, stack)).map(({ template }) => template))
  for (const kind of ["secret", "config"] as const) {
    const all = (await listMaterial(docker, kind, stack)).filter(({ name }) => name.startsWith("lockstep_"))
    const ids = all.filter(({ id, name }) => !names.has(name) && !inUse.includes(id)).map(({ id }) => id)
    if (ids.length > 0) await docker(commands.materialRemove(kind, ids))
  }
}

/** The last ones are kept, and of the older ones those good ones that are among the last good ones. */
export function outdated(releases: readonly Recorded[]): Recorded[] {
  const good = releases.filter(({ ended }) => ended?.outcome === "deployed").slice(-kept.good)
  return releases.slice(0, -kept.all).filter(release => !good.includes(release))
}
