import { copyFile, mkdir, rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { addImage, type ImageConfig, systemPath } from "../lib/oci.ts"
import { run } from "../lib/run.ts"
import { type Artifact, ensure, keyOf, keyOfFiles } from "../lib/store.ts"
import { packFolder } from "../lib/tar.ts"
import { baseLabel, versions } from "../versions.ts"
import { compile, pinnedGo } from "./go.ts"
import { hostSources, rootfsTar } from "./rootfs.ts"

const thisFile = fileURLToPath(import.meta.url)
const moduleDir = join(dirname(thisFile), "..", "caddy")
const flags = ["-trimpath", "-buildvcs=false", "-ldflags", "-s -w"]

/** What the public image's programs are called with; the rest of its settings has no use here. */
const config: ImageConfig = {
  Env: [systemPath, `CADDY_VERSION=v${versions.caddy}`, "XDG_CONFIG_HOME=/config", "XDG_DATA_HOME=/data"],
  Cmd: ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
  WorkingDir: "/srv",
  Labels: baseLabel,
}

/** Caddy and, for health checks, wget, as in the public image, but without a shell and a package manager. */
export async function caddyImage(rootfs: Artifact): Promise<Artifact> {
  return {
    name: "caddy-image",
    key: keyOf(rootfs.key, versions.goBin, flags, config, await keyOfFiles(moduleDir, thisFile)),
    async make(dir) {
      await ensure(rootfs)
      const layer = join(dir, "layer")
      const bin = join(layer, "usr", "bin")
      for (const folder of [bin, join(layer, "config"), join(layer, "data"), join(layer, "srv")])
        await mkdir(folder, { recursive: true })
      await compile(await pinnedGo(), { moduleDir, dir: bin, args: flags })
      await addWget(dir, bin)
      await packFolder(layer, `${layer}.tar`)
      const layers = [rootfsTar(rootfs), `${layer}.tar`]
      await addImage(join(dir, "oci"), "image", layers, config)
      for (const scrap of [layer, `${layer}.tar`]) await rm(scrap, { recursive: true })
    },
  }
}

/** Busybox does what it is called: under this name it is wget and nothing else. */
async function addWget(dir: string, bin: string): Promise<void> {
  const tar = join(dir, "busybox.tar")
  const options = ["--quiet", "--variant=extract", "--include=busybox", versions.debianSuite, tar]
  await run("mmdebstrap", [...options, ...(await hostSources())])
  await run("tar", ["-xf", tar, "-C", dir, "./bin/busybox"])
  await copyFile(join(dir, "bin", "busybox"), join(bin, "wget"))
  for (const scrap of [tar, join(dir, "bin")]) await rm(scrap, { recursive: true })
}
