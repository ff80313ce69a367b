import { cp, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Service } from "./service.ts"
import { type Needs, serviceStack } from "./stack.ts"

const files = fileURLToPath(new URL("files/", import.meta.url))

/** The application that comes with the repository, its pages, and the tests that prove the pipeline with it. */
const replaced = [
  "app",
  "test",
  ...["vitest.config.ts", "knip.json", "biome.json"],
  ...["Dockerfile.frontend", "Caddyfile.frontend", "docker-compose.dev.yml", "development"].map(
    name => `docker/${name}`,
  ),
]

/** What is left to type in the repository's folder. */
const scripts = {
  start: "node ci/engine/entry.mjs start",
  test: "npm --prefix app test",
  kit: "node ci/engine/entry.mjs",
  check: "npm run env-file && npm run policy",
  "env-file": "tsx ci/checks/env-file.ts",
  policy: "tsx ci/policy/main.ts docker",
}

/**
 * Puts a service in place of the application that comes with the repository.
 *
 * @param from the service's folder
 * @param repository the repository's; is changed
 */
export async function place(from: string, repository: string, service: Service, needs: Needs): Promise<void> {
  const change = (path: string, edit: (text: string) => string) => changeFile(join(repository, path), edit)
  await change("docker/docker-compose.prod.yml", text => serviceStack(text, needs))
  for (const path of replaced) await rm(join(repository, path), { recursive: true, force: true })
  await cp(from, join(repository, "app"), { recursive: true })
  for (const environment of ["staging", "production"])
    await addFile("settings.env", join(repository, "app", "config", `${environment}.env`))
  for (const name of ["Dockerfile.backend", "Caddyfile.routes", "secrets.mjs"])
    await cp(join(files, name), join(repository, "docker", name))
  await change("docker/Dockerfile.backend", text => withCommand(text, service, needs))
  await change("package.json", withScripts)
  await change(".env.example", withoutApplication)
}

async function changeFile(path: string, edit: (text: string) => string): Promise<void> {
  await writeFile(path, edit(await readFile(path, "utf8")))
}

/** What the service has stays. */
async function addFile(name: string, path: string): Promise<void> {
  await cp(join(files, name), path, { force: false })
}

function withCommand(dockerfile: string, { start }: Service, { readiness }: Needs): string {
  const words = start.slice(1).map(word => JSON.stringify(word))
  return dockerfile.replace('"START"', words.join(", ")).replace(/(?<=READINESS_PATH=)\S+/, readiness)
}

/** The packages stay as they are, and with them the lockfile: the kit and the pipeline need most of them. */
function withScripts(manifest: string): string {
  return `${JSON.stringify({ ...JSON.parse(manifest), scripts }, undefined, 2)}\n`
}

/** The variables of the development environment and of the application, which come after those of the pipeline. */
function withoutApplication(example: string): string {
  return example.split("\n# Development environment")[0] ?? ""
}
