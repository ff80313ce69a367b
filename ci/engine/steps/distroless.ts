import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { run } from "../lib/run.ts"
import { type Artifact, keyOf, keyOfFiles } from "../lib/store.ts"
import { packFolder } from "../lib/tar.ts"
import { rootfsTar } from "./rootfs.ts"

const thisFile = fileURLToPath(import.meta.url)

const packages = ["base-files", "libc6", "libgcc-s1", "libstdc++6"]
const libraries = [
  ..."libc libm libmvec libdl libpthread librt libresolv libutil libanl".split(" "),
  ..."libnss_files libnss_dns libgcc_s libstdc++".split(" "),
].map(name => `./usr/lib/*-linux-gnu*/${name}.so*`)
/** What is taken out of the base, as tar's patterns. */
const taken = [
  ..."./lib ./lib64 ./usr/lib*/ld-linux-* ./dev ./proc ./sys ./run ./tmp ./root".split(" "),
  ..."./etc/os-release ./usr/lib/os-release ./etc/debian_version ./etc/host.conf".split(" "),
  ..."./etc/ssl/certs/ca-certificates.crt ./var/lib/dpkg/status".split(" "),
  ...libraries,
]

const accounts = `root:x:0:0:root:/root:/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin
nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin
`

/**
 * `rootfs.tar`: what Google's distroless images hold beneath their runtime, that is glibc, CA certificates and not one
 * program. It is taken out of the base's root file system, so both have the same versions of all that they share.
 */
export async function distrolessRootfs(base: Artifact): Promise<Artifact> {
  return {
    name: "distroless-rootfs",
    key: keyOf(base.key, await keyOfFiles(thisFile)),
    async make(dir) {
      const root = join(dir, "rootfs")
      await mkdir(root)
      await run("tar", ["-xf", rootfsTar(base), "-C", root, "--no-recursion", "--wildcards", ...taken])
      await writeFile(join(root, "etc", "passwd"), accounts)
      await writeFile(join(root, "etc", "group"), accounts.replace(/^(\w+:x:\d+):.*$/gm, "$1:"))
      await writeFile(join(root, "etc", "nsswitch.conf"), "hosts: files dns\n")
      await keepPackageStatus(root)
      await packFolder(root, `${root}.tar`)
      await rm(root, { recursive: true })
    },
  }
}

/** One file for each package, where scanners look for them in images without dpkg. */
async function keepPackageStatus(root: string): Promise<void> {
  const dpkg = join(root, "var", "lib", "dpkg")
  const paragraphs = (await readFile(join(dpkg, "status"), "utf8")).split("\n\n")
  await rm(join(dpkg, "status"))
  await mkdir(join(dpkg, "status.d"))
  for (const name of packages) {
    const paragraph = paragraphs.find(text => text.startsWith(`Package: ${name}\n`))
    if (!paragraph) throw new Error(`the base's root file system has no package ${name}`)
    await writeFile(join(dpkg, "status.d", name), `${paragraph}\n`)
  }
}
