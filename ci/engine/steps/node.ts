import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { addImage, type ImageConfig, systemPath } from "../lib/oci.ts"
import { run } from "../lib/run.ts"
import { type Artifact, ensure, keyOf, keyOfFiles } from "../lib/store.ts"
import { packFolder } from "../lib/tar.ts"
import { baseLabel, versions } from "../versions.ts"
import { rootfsTar } from "./rootfs.ts"

const thisFile = fileURLToPath(import.meta.url)

/** Debian with Node and npm: the public image node:24-bookworm-slim. */
export async function nodeImage(rootfs: Artifact): Promise<Artifact> {
  // Node honours the CA certificates that the engine puts into the bundle of its containers.
  const config: ImageConfig = {
    Env: [
      systemPath,
      `NODE_VERSION=${versions.node}`,
      "NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt",
    ],
    Cmd: ["node"],
    Labels: baseLabel,
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

/** Node on glibc, with no other program: distroless' image. Its Node has another place there, and so here. */
export async function distrolessNodeImage(rootfs: Artifact): Promise<Artifact> {
  const config: ImageConfig = {
    Env: [systemPath],
    Entrypoint: ["/nodejs/bin/node"],
    WorkingDir: "/home/nonroot",
    Labels: baseLabel,
  }
  return {
    name: "distroless-node-image",
    key: keyOf(rootfs.key, config, versions.node, await keyOfFiles(thisFile)),
    async make(dir) {
      await ensure(rootfs)
      const layer = join(dir, "layer")
      await mkdir(join(layer, "nodejs", "bin"), { recursive: true })
      const binary = await downloadNode(join(dir, "download"), [], versions.node)
      await cp(binary, join(layer, "nodejs", "bin", "node"))
      await packFolder(layer, `${layer}.tar`)
      await addImage(join(dir, "oci"), "image", [rootfsTar(rootfs), `${layer}.tar`], config)
      for (const scrap of [layer, `${layer}.tar`, join(dir, "download")]) await rm(scrap, { recursive: true })
    },
  }
}

/** npm's own packages of Node and npm: the only Node builds that a package registry has. */
export async function installNode(
  dir: string,
  download: string,
  mirror: string,
  { node, npm }: { node: string; npm: string } = versions,
): Promise<void> {
  const binary = await downloadNode(download, [`npm@${npm}`], node)
  const modules = join(dir, "usr", "local", "lib", "node_modules")
  await mkdir(modules, { recursive: true })
  const bin = join(dir, "usr", "local", "bin")
  await mkdir(bin)
  await cp(binary, join(bin, "node"))
  await cp(join(download, "node_modules", "npm"), join(modules, "npm"), {
    recursive: true,
    verbatimSymlinks: true,
  })
  for (const tool of ["npm", "npx"]) {
    await symlink(`../lib/node_modules/npm/bin/${tool}-cli.js`, join(bin, tool))
  }
  if (mirror) await writeGlobalNpmrc(dir, mirror)
}

/** @returns the path of the binary in that folder */
async function downloadNode(dir: string, others: string[], version: string): Promise<string> {
  await mkdir(dir)
  await writeFile(join(dir, "package.json"), "{}")
  const name = `node-linux-${process.arch}`
  const options = ["install", "--ignore-scripts", "--no-audit", "--no-fund"]
  await run("npm", [...options, `${name}@${version}`, ...others], { cwd: dir })
  return join(dir, "node_modules", name, "bin", "node")
}

/** The npm registry that the host uses, when it is another than the public one; no credentials. */
export async function npmMirror(): Promise<string> {
  // Files that don't exist, so that npm says its own default.
  const standard = await npmRegistry(["--userconfig=/nonexistent/user", "--globalconfig=/nonexistent/global"])
  const used = await npmRegistry()
  return used === standard ? "" : used
}

/** Outside of any project, whose settings are its own matter. */
export async function npmRegistry(options: string[] = []): Promise<string> {
  return await run("npm", ["config", "get", "registry", ...options], { cwd: "/" })
}

async function writeGlobalNpmrc(dir: string, mirror: string): Promise<void> {
  const etc = join(dir, "usr", "local", "etc")
  await mkdir(etc, { recursive: true })
  await writeFile(join(etc, "npmrc"), `registry=${mirror}\n`)
}
