import { realpath } from "node:fs/promises"
import { dirname } from "node:path"
import { run, succeeds } from "../../ci/engine/lib/run.ts"
import { keyOf, unpacked } from "../../ci/engine/lib/store.ts"
import { packLink } from "../../ci/engine/offline/place.mjs"
import { importedImage } from "../../ci/engine/steps/containers.ts"
import { toolsRootfs } from "../../ci/engine/steps/rootfs.ts"

const proxySettings = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"]

const install = `set -e
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends docker.io openssh-server
apt-get clean
rm /etc/ssh/ssh_host_*`

/**
 * Debian with Docker and an ssh server, as a Docker image. It stays for the next run: with the label of the kit's own
 * image beneath it, which has the host's CA certificates, the kit's clean takes it away.
 */
export async function hostImage(): Promise<string> {
  const base = importedImage(await toolsRootfs(), "rootfs.tar")
  const reference = `lockstep-test/docker-host:${keyOf(base.reference, install)}`
  if (await succeeds("docker", ["image", "inspect", reference])) return reference
  await base.load()
  const builder = `lockstep-docker-host-${process.pid}`
  try {
    const settings = proxySettings.flatMap(name => ["-e", name])
    const options = ["--name", builder, "--network", "host", ...settings, ...(await aptOfPack())]
    await run("docker", ["run", ...options, base.reference, "bash", "-c", install])
    await run("docker", ["commit", builder, reference])
  } finally {
    await run("docker", ["rm", "-f", "-v", builder])
  }
  return reference
}

/** With a pack in use, apt has settings of its own, and takes its packages from there. */
async function aptOfPack(): Promise<string[]> {
  const file = process.env.APT_CONFIG
  if (!unpacked || !file) return []
  const pack = await realpath(packLink)
  return ["-e", "APT_CONFIG", "-v", `${dirname(file)}:${dirname(file)}`, "-v", `${pack}:${pack}:ro`]
}
