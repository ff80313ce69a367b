import { once } from "node:events"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { execa } from "execa"
import { parse, stringify } from "yaml"
import type { TestStack } from "./deployer.ts"

/** As many and as large as Swarm takes easily: Docker is busy with them for long enough to be caught at it. */
const count = 20
const size = 500_000

/**
 * The stack's file, with further secrets for the backend. They go with the stack.
 *
 * @returns where the file is
 */
export async function withLargeSecrets(stack: TestStack, folder: string): Promise<string> {
  const file = parse(await readFile(stack.options.stackFile, "utf8"))
  for (const number of Array(count).keys()) {
    const name = `${stack.stack}-${number}`
    const create = ["secret", "create", "--label", `io.lockstep.stack=${stack.stack}`, name, "-"]
    await execa("docker", create, { input: "x".repeat(size) })
    file.secrets[name] = { external: true }
    file.services.backend.secrets.push(name)
  }
  const path = join(folder, `${stack.stack}-large.yml`)
  await writeFile(path, stringify(file, { aliasDuplicateObjects: false }))
  return path
}

/**
 * Lets Docker fail to mount the secrets of the backend's next container with that image, see hold-mount.mjs.
 *
 * @returns what ends it, and says how it went: "held" when it came to that
 */
export async function holdMount(stack: TestStack, image: string): Promise<() => Promise<string>> {
  const root = await stack.docker("info", "--format", "{{.DockerRootDir}}")
  const args = [join(root, "containers"), `${stack.stack}_backend`, image]
  const child = execa("node", [join(import.meta.dirname, "hold-mount.mjs"), ...args], { reject: false })
  await once(child.stdout, "data")
  return async () => {
    child.kill()
    const { stdout, stderr } = await child
    return [stdout.split("\n").at(-1), stderr].join("")
  }
}
