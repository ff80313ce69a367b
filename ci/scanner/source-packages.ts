// Names Debian's packages in an SBOM by their sources: source-packages.ts BOM
//
// Advisories are of source packages (glibc) in a release (Debian 12), an SBOM is of binary ones (libc6) in a point
// release (12.15). The vulnerability scanner compares both as they are: of libc6 it would never find anything.
import { readFileSync } from "node:fs"
import { PackageURL } from "packageurl-js"

interface Component {
  readonly purl?: string
}

const [path = ""] = process.argv.slice(2)
const bom = JSON.parse(readFileSync(path, "utf8")) as { components?: Component[] }
const packages = (bom.components ?? []).filter(({ purl }) => purl !== undefined)
console.log(JSON.stringify({ ...bom, components: packages.map(bySource) }))

function bySource(component: Component): Component {
  const { type, namespace, name, version, qualifiers } = PackageURL.fromString(component.purl ?? "")
  if (type !== "deb") return component
  // NAME, or NAME@VERSION where the source has a version of its own; none where both are the same.
  const [source = name, own = version] = qualifiers?.upstream?.split("@") ?? []
  const distro = (qualifiers?.distro ?? "").replace(/\..*$/, "")
  const purl = new PackageURL(type, namespace, source, own, { ...qualifiers, distro }, undefined)
  return { ...component, name: source, version: own, purl: purl.toString() } as Component
}
