import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { run } from "../lib/run.ts"
import { accepts, until } from "../steps/containers.ts"
import {
  environment,
  type ProxyMode,
  proxyCommand,
  proxyMounts,
  proxySettings,
  type TrustedProxy,
} from "../steps/proxied.ts"
import { kitLabel, proxyPort } from "../versions.ts"
import { authorityDir } from "./place.mjs"

interface ProxyContainer {
  name: string
  network: string
  /** Any image that trusts the certificate authorities that the host trusts. */
  image: string
  mode: ProxyMode
  /** The folder of the program. */
  binary: string
  store: string
}

/** Starts a proxy for a while; the label lets `kit clean` remove what a killed run leaves. */
export async function startProxy(container: ProxyContainer): Promise<TrustedProxy> {
  const { name, network, image, mode, binary, store } = container
  for (const dir of [store, authorityDir]) await mkdir(dir, { recursive: true })
  const [program, ...args] = proxyCommand(mode)
  await run("docker", [
    ...["run", "-d", "--name", name, "--label", `${kitLabel}=proxy`, "--network", network],
    ...[...proxyMounts({ binary, store }), ...environment(proxySettings())],
    ...["--entrypoint", program ?? "", image, ...args],
  ])
  const address = await addressOf(name)
  await until(() => accepts({ host: address, port: proxyPort }), name)
  return { url: `http://${address}:${proxyPort}`, certificate: join(authorityDir, "authority.crt") }
}

/** @returns the address of a container that is in one network */
export async function addressOf(container: string): Promise<string> {
  const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
  return await run("docker", ["container", "inspect", "--format", format, container])
}
