import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { addImage, type ImageConfig } from "../lib/oci.ts"
import { run } from "../lib/run.ts"
import { type Artifact, artifactPath, keyOf, keyOfFiles } from "../lib/store.ts"
import { packFolder } from "../lib/tar.ts"
import { registryPort, versions } from "../versions.ts"
import { baseRootfs } from "./rootfs.ts"

const thisFile = fileURLToPath(import.meta.url)
const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/** An OCI layout that holds one base image, and the name under which pipelines ask for it. */
export interface BaseImage {
  artifact: Artifact
  reference: string
}

/** The base images, by the names that they have in the public registry. */
export async function baseImages(): Promise<BaseImage[]> {
  const rootfs = await baseRootfs()
  return [
    { reference: `library/debian:${versions.debianSuite}-slim`, artifact: debianImage(rootfs) },
    { reference: `library/node:24-${versions.debianSuite}-slim`, artifact: await nodeImage(rootfs) },
  ]
}

function debianImage(rootfs: Artifact): Artifact {
  const config: ImageConfig = { Env: [path], Cmd: ["bash"] }
  return {
    name: "debian-image",
    key: keyOf(rootfs.key, config),
    async make(dir) {
      await addImage(join(dir, "oci"), "image", [rootfsTar(rootfs)], config)
    },
  }
}

async function nodeImage(rootfs: Artifact): Promise<Artifact> {
  // Node honours the CA certificates that the engine puts into the bundle of its containers.
  const config: ImageConfig = {
    Env: [path, `NODE_VERSION=${versions.node}`, "NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt"],
    Cmd: ["node"],
  }
  const mirror = await npmMirror()
  return {
    name: "node-image",
    key: keyOf(rootfs.key, config, versions.npm, mirror, await keyOfFiles(thisFile)),
    async make(dir) {
      const layer = join(dir, "layer")
      await installNode(layer, join(dir, "download"), mirror)
      await packFolder(layer, `${layer}.tar`)
      await addImage(join(dir, "oci"), "image", [rootfsTar(rootfs), `${layer}.tar`], config)
      for (const scrap of [layer, `${layer}.tar`, join(dir, "download")]) await rm(scrap, { recursive: true })
    },
  }
}

function rootfsTar(rootfs: Artifact): string {
  return join(artifactPath(rootfs), "rootfs.tar")
}

/** npm's own packages of Node and npm: the only Node builds that a package registry has. */
export async function installNode(
  dir: string,
  download: string,
  mirror: string,
  { node, npm }: { node: string; npm: string } = versions,
): Promise<void> {
  await mkdir(download)
  await writeFile(join(download, "package.json"), "{}")
  const packages = [`node-linux-${process.arch}@${node}`, `npm@${npm}`]
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...packages], { cwd: download })
  const modules = join(dir, "usr", "local", "lib", "node_modules")
  await mkdir(modules, { recursive: true })
  const bin = join(dir, "usr", "local", "bin")
  await mkdir(bin)
  await cp(join(download, "node_modules", `node-linux-${process.arch}`, "bin", "node"), join(bin, "node"))
  await cp(join(download, "node_modules", "npm"), join(modules, "npm"), {
    recursive: true,
    verbatimSymlinks: true,
  })
  for (const tool of ["npm", "npx"]) {
    await symlink(`../lib/node_modules/npm/bin/${tool}-cli.js`, join(bin, tool))
  }
  if (mirror) await writeGlobalNpmrc(dir, mirror)
}

/** The npm registry that the host uses, when it is another than the public one; no credentials. */
export async function npmMirror(): Promise<string> {
  const registry = (options: string[]) => run("npm", ["config", "get", "registry", ...options], { cwd: "/" })
  // Files that don't exist, so that npm says its own default.
  const standard = await registry(["--userconfig=/nonexistent/user", "--globalconfig=/nonexistent/global"])
  const used = await registry([])
  return used === standard ? "" : used
}

async function writeGlobalNpmrc(dir: string, mirror: string): Promise<void> {
  const etc = join(dir, "usr", "local", "etc")
  await mkdir(etc, { recursive: true })
  await writeFile(join(etc, "npmrc"), `registry=${mirror}\n`)
}

/** Puts the image into the kit's registry unless the registry has it; the manifest stays as it is. */
export async function publishBaseImage({ artifact, reference }: BaseImage): Promise<void> {
  const target = `docker://localhost:${registryPort}/${reference}`
  const source = `oci:${join(artifactPath(artifact), "oci")}`
  const digest = (ref: string) =>
    run("skopeo", ["inspect", "--tls-verify=false", "--format={{.Digest}}", ref])
  const present = await digest(target).catch(() => undefined)
  if (present !== undefined && present === (await digest(source))) return
  await run("skopeo", ["copy", "--quiet", "--preserve-digests", "--dest-tls-verify=false", source, target])
}
