import { PackageURL } from "packageurl-js"
import type { Package } from "../model.ts"

/** An image by its digest, wherever it is kept: pkg:oci/backend@sha256:… */
export function imagePurl({ name, digest }: { readonly name: string; readonly digest: string }): string {
  return new PackageURL("oci", undefined, name, digest).toString()
}

/** Undefined for an ecosystem that the scan does not look at. */
export function packagePurl({ ecosystem, name, version }: Package): string | undefined {
  const [kind = "", release] = ecosystem.split(":")
  if (kind === "npm") {
    const [, scope, short = name] = /^(@[^/]+)\/(.+)$/.exec(name) ?? []
    return new PackageURL("npm", scope, short, version).toString()
  }
  if (kind !== "Debian") return undefined
  const distro = release === undefined ? undefined : { distro: `debian-${release}` }
  return new PackageURL("deb", "debian", name, version, distro).toString()
}
