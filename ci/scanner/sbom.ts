import { readFileSync } from "node:fs"
import { join } from "node:path"

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

/** pkg:deb/debian/libc6@2.36-9%2Bdeb12u10?arch=amd64&distro=debian-12 */
function componentOf(purl: string): Component {
  const [path = "", query = ""] = purl.replace(/^pkg:/, "").split("#")[0]?.split("?") ?? []
  const [type = "", ...rest] = path.split("/")
  const own = rest.join("/")
  const at = own.lastIndexOf("@")
  const [name, version] = at > 0 ? [own.slice(0, at), own.slice(at + 1)] : [own, ""]
  const plain = type === "deb" ? name.replace(/^debian\//, "") : name
  return {
    type,
    name: decodeURIComponent(plain),
    version: decodeURIComponent(version),
    architecture: new URLSearchParams(query).get("arch") ?? "",
  }
}
