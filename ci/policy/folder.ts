import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { checkStackFile } from "./compose/check.ts"
import { checkDockerfile } from "./dockerfile/check.ts"
import type { Traits } from "./finding.ts"
import { checkImage } from "./image/check.ts"
import { openLayout } from "./image/layout.ts"
import type { Checked } from "./report.ts"

const stackFile = "docker-compose.prod.yml"
/** The stage of each Dockerfile that is deployed. */
const target = "production"

/**
 * Checks a folder with a stack file and its Dockerfiles. `Dockerfile.backend` makes the image that the stack file calls
 * BACKEND_IMAGE; what it brings, its service need not say.
 *
 * @param layouts built images as OCI layouts: name, as in the Dockerfile's, and folder
 */
export async function checkFolder(folder: string, layouts: ReadonlyMap<string, string>): Promise<Checked[]> {
  const checked: Checked[] = []
  const brings = new Map<string, Traits>()
  for (const name of await imageNames(folder)) {
    const file = name === "" ? "Dockerfile" : `Dockerfile.${name}`
    const { findings, traits } = checkDockerfile(await readFile(join(folder, file), "utf8"), target)
    checked.push({ name: file, findings })
    brings.set(variableOf(name), traits)
  }
  for (const [name, dir] of layouts) {
    const { findings, traits } = await checkImage(name, await openLayout(dir))
    checked.push({ name: `image ${name}`, findings })
    // What was built counts, not what the Dockerfile promised.
    brings.set(variableOf(name), traits)
  }
  const findings = checkStackFile(await readFile(join(folder, stackFile), "utf8"), brings)
  return [{ name: stackFile, findings }, ...checked]
}

function variableOf(name: string): string {
  return `${name.toUpperCase().replaceAll("-", "_")}_IMAGE`
}

/** "" for a file that is called Dockerfile and no more. */
async function imageNames(folder: string): Promise<string[]> {
  const files = (await readdir(folder)).sort()
  const dockerfiles = files.filter(file => /^Dockerfile(\.|$)/.test(file) && !file.endsWith(".dockerignore"))
  return dockerfiles.map(file => file.replace(/^Dockerfile\.?/, ""))
}
