import { authorityDir } from "../offline/place.mjs"
import { proxyPort } from "../versions.ts"
import { proxyProgram } from "./proxy.ts"
import { certificatesDir } from "./rootfs.ts"

/** A proxy that speaks for all servers, with the certificate of its own authority. */
export interface TrustedProxy {
  url: string
  /** The authority's certificate. */
  certificate: string
}

/** The folders of the proxy's container; the authority is this machine's. */
export function proxyMounts({ binary, store }: { binary: string; store: string }): string[] {
  const mounts = [`${binary}:/lockstep:ro`, `${store}:/store`, `${authorityDir}:/authority`]
  return mounts.flatMap(mount => ["-v", mount])
}

export type ProxyMode = "record" | "replay"

export function proxyCommand(mode: ProxyMode): string[] {
  const folders = ["-store", "/store", "-authority", "/authority"]
  return [`/lockstep/${proxyProgram}`, mode, ...folders, "-listen", `:${proxyPort}`]
}

/** Proxies of the host's that the engine's own builds and containers must know. */
export function proxySettings(ownRegistry?: string): Record<string, string> {
  const known = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY"].flatMap(name => {
    const value = process.env[name] ?? process.env[name.toLowerCase()]
    return value ? [[name, value]] : []
  })
  if (known.length === 0) return {}
  return { ...Object.fromEntries(known), NO_PROXY: notProxied(ownRegistry) }
}

/** Where the engine's services and containers are: its own default. It asks services by address, not by name. */
const engineNetwork = "10.87.0.0/16"

/** What is on this machine; in the pipeline's containers, "registry" is the name of the one that is deployed from. */
function notProxied(ownRegistry?: string): string {
  const given = process.env.NO_PROXY ?? process.env.no_proxy
  const own = ["localhost", "127.0.0.1", "registry", engineNetwork, ownRegistry]
  return [given, ...own].filter(Boolean).join(",")
}

/**
 * Options that send the engine and all its containers through the proxy, and let them trust its authority.
 *
 * @param ownRegistry the registry of the base images, where it is reached without the proxy
 */
export function throughProxy({ url, certificate }: TrustedProxy, ownRegistry?: string): string[] {
  const variables = { HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: notProxied(ownRegistry) }
  return [...environment(variables), "-v", `${certificate}:${certificatesDir}/lockstep-proxy.crt:ro`]
}

export function environment(variables: Record<string, string>): string[] {
  return Object.entries(variables).flatMap(([name, value]) => ["-e", `${name}=${value}`])
}
