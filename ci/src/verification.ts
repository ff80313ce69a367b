import { type Directory, type GitRepository, type Service } from "@dagger.io/dagger"
import { buildBackend } from "./build.js"
import { always, explaining, given, tools } from "./deployment.js"
import { manifestDigest } from "./lib/oci.js"
import {
  builtCommit,
  type ImageConfig,
  type ImageReference,
  imageReference,
  mismatch,
  readError,
  unknownCommit,
} from "./lib/verification.js"
import { filesOf } from "./working-tree.js"

/** The registry that an image is read from. */
interface Source {
  registry: Service | undefined
  registryAddress: string
}

/**
 * Builds the commit that an image in the registry names once more, from the history alone.
 *
 * @throws Error when the image names no commit that can be built, or the digest is another one
 */
export async function verify(ref: string, from: Source, history: GitRepository): Promise<string> {
  const reference = imageReference(ref, from.registryAddress)
  const image = await readConfig(reference, from.registry)
  const commit = builtCommit(image)
  const rebuilt = await buildBackend(await sourcesOf(history, commit), commit, [])
  const rebuiltImage = await configIn(rebuilt.layout)
  const error = mismatch(
    { digest: reference.digest, image },
    { digest: rebuilt.digest, image: rebuiltImage },
    commit,
  )
  if (error) throw new Error(error)
  return `reproduced ${reference.digest}\n  from commit ${commit}`
}

/** skopeo compares what the registry gives with the digest that was asked for. */
async function readConfig(reference: ImageReference, registry: Service | undefined): Promise<ImageConfig> {
  const image = `docker://registry:5000/${reference.repository}@${reference.digest}`
  const read = always(tools())
    .withServiceBinding("registry", given(registry, "registry", "tcp://localhost:5000"))
    .withExec(["skopeo", "inspect", "--config", "--raw", "--tls-verify=false", image])
  const config = await explaining(
    () => read.stdout(),
    error => readError(error.stderr),
  )
  return JSON.parse(config) as ImageConfig
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
