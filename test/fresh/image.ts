import { rm } from "node:fs/promises"
import { join } from "node:path"
import { run, succeeds } from "../../ci/engine/lib/run.ts"
import { type Artifact, artifactPath, ensure, keyOf } from "../../ci/engine/lib/store.ts"
import { appendFolder } from "../../ci/engine/lib/tar.ts"
import { ensurePackages } from "../../ci/engine/steps/docker.ts"
import { installNode, npmMirror } from "../../ci/engine/steps/node.ts"
import { hostSources } from "../../ci/engine/steps/rootfs.ts"
import { versions } from "../../ci/engine/versions.ts"

/** Everything that this test makes in Docker carries this label. */
export const testLabel = "io.lockstep.test=fresh"

// Nothing but what the README asks for: what the kit forgets to install must be missing here.
const packages = ["git", "ca-certificates"]
// The oldest Node that the README allows, with an npm of its time.
const tools = { node: "20.20.2", npm: "10.9.9" }

const path = "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/** Bare Debian with git and Node, as a Docker image; kept in the cache folder and in Docker for the next run. */
export async function machineImage(): Promise<string> {
  const artifact = await machineFiles()
  await ensure(artifact)
  const reference = `lockstep-test/fresh:${artifact.key}`
  if (await succeeds("docker", ["image", "inspect", reference])) return reference
  const changes = ["-c", `LABEL ${testLabel}`, "-c", path]
  await run("docker", ["import", ...changes, join(artifactPath(artifact), "machine.tar"), reference])
  return reference
}

async function machineFiles(): Promise<Artifact> {
  const [sources, mirror] = await Promise.all([hostSources(), npmMirror()])
  return {
    name: "fresh-machine",
    key: keyOf(versions.debianSuite, packages, tools, sources, mirror),
    async make(dir) {
      const file = join(dir, "machine.tar")
      await installDebian(file, sources)
      await installNode(join(dir, "node"), join(dir, "download"), mirror, tools)
      await appendFolder(join(dir, "node"), file)
      for (const scrap of ["node", "download"]) await rm(join(dir, scrap), { recursive: true })
    },
  }
}

async function installDebian(file: string, sources: string[]): Promise<void> {
  await ensurePackages(["mmdebstrap"], "mmdebstrap")
  const options = ["--quiet", "--variant=minbase", `--include=${packages.join(",")}`]
  await run("mmdebstrap", [...options, versions.debianSuite, file, ...sources])
}
