// Prints the Debian packages of an SBOM as a list of installed packages, for apt: debian-status.ts FOLDER
import { readSbom } from "./sbom.ts"

const [dir = "."] = process.argv.slice(2)

for (const { type, name, version, architecture } of readSbom(dir)) {
  if (type !== "deb") continue
  const fields = {
    Package: name,
    Status: "install ok installed",
    Architecture: architecture,
    Version: version,
    Maintainer: "none",
    Description: "none",
  }
  console.log(
    `${Object.entries(fields)
      .map(field => field.join(": "))
      .join("\n")}\n`,
  )
}
