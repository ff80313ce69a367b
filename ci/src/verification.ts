import { type Directory, type GitRepository } from "@dagger.io/dagger"
import { buildable, buildImage, imagesOf } from "./image-build.js"
import { manifestDigest } from "./lib/layout.js"
import { builtFrom, type ImageConfig, imageReference, mismatch, unknownCommit } from "./lib/verification.js"
import { type Registry, readConfig } from "./registry.js"
import { filesOf } from "./working-tree.js"

/**
 * Builds the commit that an image in the registry names once more, from the history alone.
 *
 * @throws Error when the image names no commit that can be built, or the digest is another one
 */
export async function verify(ref: string, from: Registry, history: GitRepository): Promise<string> {
  const reference = imageReference(ref, from.registryAddress)
  const image = JSON.parse(await readConfig(reference.repository, reference.digest, from)) as ImageConfig
  const { name, commit, runtime } = builtFrom(image)
  const committed = await sourcesOf(history, commit)
  const source = await buildable(committed, await imagesOf(committed))
  const rebuilt = await buildImage(name, { source, revision: Promise.resolve(commit), runtime })
  const rebuiltImage = await configIn(rebuilt.layout)
  const error = mismatch(
    { digest: reference.digest, image },
    { digest: rebuilt.digest, image: rebuiltImage },
    commit,
  )
  if (error) throw new Error(error)
  return `reproduced ${reference.digest}\n  from commit ${commit}`
}

async function sourcesOf(history: GitRepository, commit: string): Promise<Directory> {
  try {
    return await filesOf(history.commit(commit)).sync()
  } catch (cause) {
    throw new Error(unknownCommit(commit), { cause })
  }
}

async function configIn(layout: Directory): Promise<ImageConfig> {
  const read = async <T>(digest: string) =>
    JSON.parse(await layout.file(`blobs/${digest.replace(":", "/")}`).contents()) as T
  const digest = manifestDigest(await layout.file("index.json").contents())
  const { config } = await read<{ config: { digest: string } }>(digest)
  return await read<ImageConfig>(config.digest)
}
