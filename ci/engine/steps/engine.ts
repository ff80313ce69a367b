import { copyFile, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { addImage } from "../lib/oci.ts"
import { type Artifact, artifactPath, keyOf, keyOfFiles, orPacked } from "../lib/store.ts"
import { appendFolder, packFolder } from "../lib/tar.ts"
import { assembleTypescriptSdk } from "../typescript-sdk/assemble.ts"
import { copyGoRoot, type Go } from "./go.ts"
import { rootfsTar } from "./rootfs.ts"

const thisFile = fileURLToPath(import.meta.url)
const sdkSource = join(dirname(thisFile), "..", "typescript-sdk")
/** Where the engine looks for the images of its SDKs. */
const contentDir = "usr/local/share/dagger/content"

export interface EngineParts {
  go: Go
  binaries: Artifact
  rootfs: Artifact
}

/** `image.tar`, to be imported by Docker, and `env.json`, the variables that name the SDK images in it. */
export async function engineImage(parts: EngineParts): Promise<Artifact> {
  const key = keyOf(parts.binaries.key, parts.rootfs.key, await keyOfFiles(sdkSource, thisFile))
  return orPacked({ name: "engine-image", key, make: dir => assemble(parts, dir) })
}

async function assemble(parts: EngineParts, dir: string): Promise<void> {
  const stage = join(dir, "stage")
  const layout = join(stage, contentDir)
  await installBinaries(artifactPath(parts.binaries), stage)
  const env = {
    DAGGER_GO_SDK_MANIFEST_DIGEST: await addGoSdk(parts, layout, join(dir, "go-sdk")),
    DAGGER_TYPESCRIPT_SDK_MANIFEST_DIGEST: await addTypescriptSdk(parts, layout, join(dir, "typescript-sdk")),
  }
  await copyFile(rootfsTar(parts.rootfs), join(dir, "image.tar"))
  await appendFolder(stage, join(dir, "image.tar"))
  await writeFile(join(dir, "env.json"), JSON.stringify(env))
  for (const folder of ["stage", "go-sdk", "typescript-sdk"]) await rm(join(dir, folder), { recursive: true })
}

async function installBinaries(binaries: string, stage: string): Promise<void> {
  const bin = join(stage, "usr", "local", "bin")
  const cni = join(stage, "opt", "cni", "bin")
  await mkdir(bin, { recursive: true })
  await mkdir(cni, { recursive: true })
  for (const name of ["dagger-engine", "dagger-init", "dial-stdio"])
    await copyFile(join(binaries, name), join(bin, name))
  await copyFile(join(binaries, "dagger-cli"), join(bin, "dagger"))
  // The CLI dials a containerised engine with "buildctl dial-stdio".
  await copyFile(join(binaries, "dial-stdio"), join(bin, "buildctl"))
  await symlink("/usr/sbin/runc", join(bin, "runc"))
  await symlink("/usr/bin/tini", join(bin, "tini"))
  await copyFile(join(binaries, "dnsname"), join(cni, "dnsname"))
  for (const plugin of ["bridge", "loopback", "firewall", "host-local"]) {
    await symlink(`/usr/lib/cni/${plugin}`, join(cni, plugin))
  }
}

/** The image in which the engine compiles Go modules: among them the runtime of the TypeScript SDK. */
async function addGoSdk(parts: EngineParts, layout: string, work: string): Promise<string> {
  await mkdir(join(work, "usr", "local", "bin"), { recursive: true })
  await mkdir(join(work, "go", "pkg", "mod"), { recursive: true })
  await mkdir(join(work, "root", ".cache", "go-build"), { recursive: true })
  await copyGoRoot(parts.go, work)
  await copyFile(join(artifactPath(parts.binaries), "codegen"), join(work, "usr", "local", "bin", "codegen"))
  await packFolder(work, `${work}.tar`)
  const Env = [
    "PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "GOPATH=/go",
    "GOTOOLCHAIN=local",
  ]
  const layers = [rootfsTar(parts.rootfs), `${work}.tar`]
  const digest = await addImage(layout, "go-sdk", layers, { Env, WorkingDir: "/go" })
  await rm(`${work}.tar`)
  return digest
}

async function addTypescriptSdk(parts: EngineParts, layout: string, work: string): Promise<string> {
  await mkdir(work)
  await assembleTypescriptSdk({ outDir: work, codegenBinary: join(artifactPath(parts.binaries), "codegen") })
  await packFolder(work, `${work}.tar`)
  const digest = await addImage(layout, "typescript-sdk", [`${work}.tar`], {})
  await rm(`${work}.tar`)
  return digest
}

/** The variables that tell the engine which images in its content are its SDKs. */
export async function engineEnv(image: Artifact): Promise<Record<string, string>> {
  return JSON.parse(await readFile(join(artifactPath(image), "env.json"), "utf8"))
}
