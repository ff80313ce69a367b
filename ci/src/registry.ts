import { type Container, type Directory, type Service } from "@dagger.io/dagger"
import { pushError, readError } from "./lib/failure.js"
import { always, explaining, given, tools } from "./tools.js"

/** The image registry, as the engine reaches it and as the deployments' Docker knows it. */
export interface Registry {
  registry: Service | undefined
  registryAddress: string
}

/** skopeo copies the manifest as it is; Docker and the engine would write another one, with another digest. */
export async function push(
  layout: Directory,
  repository: string,
  digest: string,
  to: Registry,
): Promise<string> {
  const tag = digest.replace("sha256:", "").slice(0, 12)
  const copy = ["skopeo", "copy", "--quiet", "--preserve-digests", "--dest-tls-verify=false"]
  const pushed = withRegistry(always(tools()), to)
    .withMountedDirectory("/layout", layout)
    .withExec([...copy, "oci:/layout", `docker://${await hostOf(to)}/${repository}:${tag}`])
  await explaining(
    () => pushed.sync(),
    error => pushError(error.stderr),
  )
  return `${to.registryAddress}/${repository}@${digest}`
}

/** The configuration of an image. skopeo compares what the registry gives with the digest that was asked for. */
export async function readConfig(repository: string, digest: string, from: Registry): Promise<string> {
  const image = `docker://${await hostOf(from)}/${repository}@${digest}`
  const read = withRegistry(always(tools()), from).withExec([
    ...["skopeo", "inspect", "--config", "--raw", "--tls-verify=false", image],
  ])
  return await explaining(
    () => read.stdout(),
    error => readError(error.stderr),
  )
}

/** With the registry at the address that `hostOf` says. */
export function withRegistry(container: Container, registry: Registry): Container {
  return container.withServiceBinding("registry", serviceOf(registry))
}

/** The port is the one of the address that was given; the engine knows it once the way there is open. */
export async function hostOf(registry: Registry): Promise<string> {
  const open = await serviceOf(registry).start()
  const [port] = await open.ports()
  return `registry:${(await port?.port()) ?? 5000}`
}

function serviceOf({ registry }: Registry): Service {
  return given(registry, "registry", "tcp://localhost:5000")
}
