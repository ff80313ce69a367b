import { rename } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Artifact, artifactPath, ensure, keyOf, keyOfFiles } from "../../ci/engine/lib/store.ts"
import { compile, pinnedGo } from "../../ci/engine/steps/go.ts"

const moduleDir = join(dirname(fileURLToPath(import.meta.url)), "programs")
const cosign = "github.com/sigstore/cosign/v3/cmd/cosign"

export interface Programs {
  readonly cosign: string
  /** A registry that keeps the list of what refers to an image by itself. */
  readonly registry: string
}

/** What others made, compiled of the modules that go.mod pins; kept in the kit's cache folder for the next run. */
export async function programs(): Promise<Programs> {
  const artifact: Artifact = {
    name: "interoperability",
    key: keyOf(cosign, await keyOfFiles(moduleDir)),
    async make(dir) {
      const flags = ["-trimpath", "-buildvcs=false", "-ldflags", "-s -w"]
      await compile(await pinnedGo(), { moduleDir, dir, args: [...flags, cosign, "./registry"] })
      await rename(join(dir, "registry"), join(dir, "registry-with-referrers"))
    },
  }
  await ensure(artifact)
  const at = (name: string) => join(artifactPath(artifact), name)
  return { cosign: at("cosign"), registry: at("registry-with-referrers") }
}
