import { readFileSync } from "node:fs"
import { join } from "node:path"
import { PackageURL } from "packageurl-js"

/** What is read of a CycloneDX document. */
interface Document {
  readonly components?: readonly { readonly purl?: string }[]
}

/** A package of an image. */
export interface Component {
  /** deb, npm, golang, generic … */
  readonly type: string
  readonly name: string
  readonly version: string
  /** amd64, arm64, all; of Debian packages alone. */
  readonly architecture: string
}

/** @param dir the folder that syft wrote to */
export function readSbom(dir: string): Component[] {
  const { components = [] } = JSON.parse(readFileSync(join(dir, "bom.cdx.json"), "utf8")) as Document
  return components.flatMap(({ purl }) => (purl === undefined ? [] : [componentOf(purl)]))
}

function componentOf(text: string): Component {
  const { type, namespace, name, version, qualifiers } = PackageURL.fromString(text)
  // Debian's namespace is the distribution; of others it is part of the name.
  const full = type === "deb" || !namespace ? name : `${namespace}/${name}`
  return { type, name: full, version: version ?? "", architecture: qualifiers?.arch ?? "" }
}
