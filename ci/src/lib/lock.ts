import { errorText } from "./failure.js"

/** docker/images.lock.json: for each base image, by its name, the digest that each registry gave. */
export type Lock = Record<string, Record<string, string>>

/** A base image as this engine gets it. */
export interface Base {
  /** As in the Dockerfile: node:24-bookworm-slim. */
  name: string
  /** Who gave it: docker.io, say, or "kit" for an image that the kit made. */
  registry: string
  digest: string
}

/** Where the lock stands in the repository. */
export const lockPath = "docker/images.lock.json"

/**
 * The images that Dockerfiles are made from or copy from, without their own stages.
 *
 * @param dockerfiles their texts
 * @param unused stages that are not built
 */
export function baseNames(dockerfiles: readonly string[], unused: readonly string[] = []): string[] {
  const names = dockerfiles.flatMap(text => {
    const all = [...text.matchAll(/^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/gim)]
    const froms = all.filter(([, , stage]) => stage === undefined || !unused.includes(stage))
    const stages = new Set(["scratch", ...froms.map(([, , stage]) => stage)])
    return froms.flatMap(([, image = ""]) => (stages.has(image) || image.includes("$") ? [] : [image]))
  })
  return [...new Set(names)].sort()
}

/**
 * @param text the file's content
 * @throws Error BUILD_LOCK_UNREADABLE
 */
export function parseLock(text: string): Lock {
  try {
    return JSON.parse(text) as Lock
  } catch (cause) {
    const todo = `take it as git has it (git checkout ${lockPath}), then renew it: dagger call lock-images export --path ${lockPath}`
    const what = `${lockPath} cannot be read`
    const reason = (cause as Error).message.split("\n")[0] ?? ""
    throw new Error(errorText("BUILD_LOCK_UNREADABLE", what, reason, todo), { cause })
  }
}

/** @param imageRef as the engine says it: docker.io/library/node:24-bookworm-slim@sha256:… */
export function baseOf(name: string, imageRef: string, fromKit: boolean): Base {
  const [path = "", digest = ""] = imageRef.split("@")
  return { name, registry: fromKit ? "kit" : (path.split("/")[0] ?? ""), digest }
}

/** The lock with these bases put in. What other registries gave is kept; bases that are no longer used are dropped. */
export function renewed(lock: Lock, bases: readonly Base[]): Lock {
  return Object.fromEntries(
    bases.map(({ name, registry, digest }) => [name, sorted({ ...lock[name], [registry]: digest })]),
  )
}

function sorted(digests: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(digests).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Says for people which bases are not those of the lock. */
export function deviations(lock: Lock, bases: readonly Base[]): string[] {
  return bases.flatMap(({ name, registry, digest }) => {
    const locked = lock[name]?.[registry]
    if (locked === digest) return []
    const instead = locked ? `the lock has ${short(locked)}` : "the lock has none of it"
    return [`${name} of ${registry} is ${short(digest)}, ${instead}`]
  })
}

function short(digest: string): string {
  return digest.slice(0, "sha256:".length + 12)
}
