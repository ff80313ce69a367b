import { existsSync } from "node:fs"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { run } from "../lib/run.ts"
import { type Artifact, artifactPath, keyOf, keyOfFiles, orPacked } from "../lib/store.ts"
import { versions } from "../versions.ts"

/** Where an administrator of Debian puts further CA certificates; a company's proxy has its own here. */
export const certificatesDir = "/usr/local/share/ca-certificates"

const engineTools = [
  ..."ca-certificates iptables dnsmasq-base git openssh-client runc tini".split(" "),
  ..."containernetworking-plugins pigz xz-utils iproute2 docker-registry".split(" "),
]

/** Documentation and translations: a third of the size, and no container reads them. */
const excluded = ["doc", "man", "info", "locale", "lintian"].map(
  name => `--dpkgopt=path-exclude=/usr/share/${name}/*`,
)

/** `rootfs.tar`: Debian with what the engine and the registry need, and the host's own CA certificates. */
export async function toolsRootfs(): Promise<Artifact> {
  return debianRootfs(
    "tools-rootfs",
    engineTools,
    await extraCertificates(),
    await keyOfFolder(certificatesDir),
  )
}

/**
 * `rootfs.tar`: what the public image debian:bookworm-slim holds, and CA certificates. The host's own certificates stay
 * out, since they would give each host images of its own; the engine puts them into the containers that it runs.
 */
export async function baseRootfs(): Promise<Artifact> {
  return debianRootfs("base-rootfs", ["ca-certificates"], [], "")
}

function debianRootfs(
  name: string,
  packages: string[],
  certificates: string[],
  certificatesKey: string,
): Artifact {
  const options = bootstrapOptions(packages, certificates)
  const key = keyOf(versions.debianSuite, options, certificatesKey)
  return orPacked({ name, key, make: dir => bootstrap(join(dir, "rootfs.tar"), options) })
}

function bootstrapOptions(packages: string[], certificates: string[]): string[] {
  const hooks = certificates.map(file => `copy-in ${join(certificatesDir, file)} ${certificatesDir}`)
  if (hooks.length > 0) hooks.push('chroot "$1" update-ca-certificates')
  // Where it finds this command, the engine runs it before and after each exec: 1.7 s instead of milliseconds.
  hooks.push('rm "$1/usr/sbin/update-ca-certificates"')
  const include = `--include=${packages.join(",")}`
  return [
    "--quiet",
    "--variant=minbase",
    include,
    ...excluded,
    ...hooks.map(hook => `--customize-hook=${hook}`),
  ]
}

async function bootstrap(tarFile: string, options: string[]): Promise<void> {
  // The clock's value would make every build's files differ.
  const env = { SOURCE_DATE_EPOCH: "0" }
  await run("mmdebstrap", [...options, versions.debianSuite, tarFile, ...(await hostSources())], { env })
}

/** The file that holds a root file system. */
export function rootfsTar(rootfs: Artifact): string {
  return join(artifactPath(rootfs), "rootfs.tar")
}

async function extraCertificates(): Promise<string[]> {
  const files = await readdir(certificatesDir).catch(() => [])
  return files.filter(file => file.endsWith(".crt")).sort()
}

async function keyOfFolder(dir: string): Promise<string> {
  return existsSync(dir) ? await keyOfFiles(dir) : ""
}

/** The host's own mirrors when it runs the same release, so that a company's mirror is used; else the public ones. */
export async function hostSources(): Promise<string[]> {
  const format = "deb $(REPO_URI) $(RELEASE) $(COMPONENT)"
  const listed = await run("apt-get", ["indextargets", "--format", format, "Created-By: Packages"]).catch(
    () => "",
  )
  const lines = [...new Set(listed.split("\n"))].filter(line => {
    const [, , release, component] = line.split(" ")
    return component === "main" && release?.split("-")[0] === versions.debianSuite
  })
  return lines.some(line => line.split(" ")[2] === versions.debianSuite) ? lines : []
}
