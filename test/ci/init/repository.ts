import { cp, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"

/** A copy of a service that is not this repository's, with some of its files changed; undefined takes one away. */
export async function service(
  name: "fastify" | "plain",
  changes: Record<string, string | undefined> = {},
): Promise<string> {
  const dir = await temporary()
  await cp(join("test", "services", name), dir, { recursive: true })
  for (const [file, text] of Object.entries(changes))
    await (text === undefined ? rm(join(dir, file)) : writeFile(join(dir, file), text))
  return dir
}

/** What init-app changes of this repository, in a folder of its own. */
export async function repository(): Promise<string> {
  const dir = await temporary()
  for (const path of ["app", "docker", "package.json", ".env.example", "biome.json", "test/app"])
    await cp(path, join(dir, path), { recursive: true })
  return dir
}

async function temporary(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "init-"))
  onTestFinished(() => rm(dir, { recursive: true }))
  return dir
}
