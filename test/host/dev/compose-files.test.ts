import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { execa } from "execa"
import { beforeAll, expect, test } from "vitest"
import { makeCompose, readyCompose } from "../../../ci/engine/steps/compose.ts"
import { projectDir } from "../../e2e/clone.ts"

beforeAll(async () => {
  // The tests run under the kit's lock, so `npm run dev` could not make it.
  if (!(await readyCompose())) await makeCompose()
})

/** Values for the variables that a file requires: what a deployment gives, and a developer does not. */
async function required(file: string): Promise<Record<string, string>> {
  const text = await readFile(file, "utf8")
  const names = [...text.matchAll(/\$\{(\w+):\?/g)].map(match => match[1] ?? "")
  const exampleOf = (name: string) => {
    if (name.endsWith("_IMAGE")) return `registry.example/image@sha256:${"0".repeat(64)}`
    return name.endsWith("_PORT") ? "8080" : "value"
  }
  return Object.fromEntries(names.map(name => [name, exampleOf(name)]))
}

test.each(["docker-compose.dev.yml", "docker-compose.prod.yml"])(
  "docker compose takes %s without a warning",
  async name => {
    const file = join(projectDir, "docker", name)
    const args = ["compose", "--file", file, "config"]
    const { stdout, stderr } = await execa("docker", args, { env: await required(file) })
    expect(stderr).toBe("")
    expect(stdout).toContain("backend:")
  },
)

test("docker compose would warn of a variable that has no value", async () => {
  const file = join(projectDir, "docker", "docker-compose.dev.yml")
  const text = (await readFile(file, "utf8")).replace("DEV_PORT:-5173", "DEV_PORT")
  const args = ["compose", "--file", "-", "--project-directory", join(projectDir, "docker"), "config"]
  const { all } = await execa("docker", args, { input: text, all: true, reject: false })
  expect(all).toContain('The \\"DEV_PORT\\" variable is not set')
})
