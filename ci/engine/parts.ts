import type { Note, Progress } from "./lib/progress.ts"
import { type Artifact, ensure, unpacked } from "./lib/store.ts"
import { ensurePackages } from "./steps/docker.ts"
import { engineEnv, engineImage } from "./steps/engine.ts"
import { engineBinaries, findGo, type Go } from "./steps/go.ts"
import { type BaseImage, baseImages } from "./steps/images.ts"
import { baseRootfs, toolsRootfs } from "./steps/rootfs.ts"

/** All that the kit's own engine is made of, in the cache folder or in the pack that is in use. */
export interface Parts {
  go: Go
  binaries: Artifact
  rootfs: Artifact
  bases: BaseImage[]
  image: Artifact
}

/** Makes what is not there yet; Docker is not needed for it. */
export async function makeParts(progress: Progress): Promise<Parts> {
  const go = await ensureGo(progress)
  const binaries = await engineBinaries(go)
  const compiled = progress.step("engine binaries", note => made(binaries, note))
  const [rootfs] = await Promise.all([rootFileSystems(progress), compiled])
  const bases = await baseImages()
  await progress.step("base images", async note => {
    for (const { artifact, reference } of bases) {
      await made(artifact, note)
      note(reference.replace("library/", ""))
    }
  })
  const image = await engineImage({ go, binaries, rootfs })
  await progress.step("engine image", note => made(image, note))
  return { go, binaries, rootfs, bases, image }
}

/** What its container is told: which images in it are its SDKs, and where it gets Go modules. */
export async function engineVariables({ image, go }: Parts): Promise<Record<string, string>> {
  return { ...(await engineEnv(image)), _DAGGER_ENGINE_SYSTEMENV_GOPROXY: go.proxy }
}

export async function ensureGo(progress: Progress): Promise<Go> {
  return await progress.step("go", async note => {
    const found = await findGo()
    note(found.root ? `${found.version} in ${found.root}` : "not needed: a pack is in use")
    return found
  })
}

/** One after the other beside the compilation: each keeps a core busy. */
async function rootFileSystems(progress: Progress): Promise<Artifact> {
  return await progress.step("debian", async note => {
    await ensurePackages(["skopeo"], "skopeo")
    // A pack has no base on its own, only what was made of it.
    if (!unpacked) await ensurePackages(["mmdebstrap", "debian-archive-keyring"], "mmdebstrap")
    const tools = await toolsRootfs()
    await made(tools, note)
    if (!unpacked) await made(await baseRootfs(), note)
    return tools
  })
}

export async function made(artifact: Artifact, note: Note): Promise<void> {
  const { made } = await ensure(artifact)
  note(made ? "made" : "kept")
}
