import { type Directory, dag, type File } from "@dagger.io/dagger"
import { imagesOf } from "./image-build.js"
import { dockerfileOf, type ImageName } from "./lib/images.js"
import {
  type Base,
  baseNames,
  baseOf,
  deviations,
  type Lock,
  lockPath,
  parseLock,
  renewed,
} from "./lib/lock.js"

/** What the kit writes into the base images that it makes, since the engine knows them by their public names. */
const kitLabel = "io.lockstep.base"

/** Which base images differ from those of the lock. */
export async function baseDeviations(source: Directory): Promise<string[]> {
  const [lock, bases] = await Promise.all([readLock(source), basesOf(source)])
  return deviations(lock, bases)
}

/** The lock with the base images that this engine gets. */
export async function renewedLock(source: Directory): Promise<File> {
  const [lock, bases] = await Promise.all([readLock(source), basesOf(source)])
  const text = `${JSON.stringify(renewed(lock, bases), undefined, 2)}\n`
  return dag.directory().withNewFile("images.lock.json", text).file("images.lock.json")
}

async function readLock(source: Directory): Promise<Lock> {
  if (!(await source.exists(lockPath))) return {}
  return parseLock(await source.file(lockPath).contents())
}

/**
 * The base images as this engine gets them.
 *
 * @param images those that stand on them; all unless given
 * @param unused stages of their Dockerfiles that are not built
 */
export async function basesOf(
  source: Directory,
  images?: readonly ImageName[],
  unused: readonly string[] = [],
): Promise<Base[]> {
  const built = images ?? (await imagesOf(source))
  const dockerfiles = built.map(name => source.file(dockerfileOf(name)).contents())
  const names = baseNames(await Promise.all(dockerfiles), unused)
  return await Promise.all(names.map(resolve))
}

async function resolve(name: string): Promise<Base> {
  const image = dag.container().from(name)
  const [reference, kit] = await Promise.all([image.imageRef(), image.label(kitLabel)])
  return baseOf(name, reference, kit !== "")
}
