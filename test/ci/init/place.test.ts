import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, test } from "vitest"
import { parse } from "yaml"
import { place } from "../../../ci/init/place.ts"
import { readService } from "../../../ci/init/service.ts"
import type { Needs } from "../../../ci/init/stack.ts"
import { checkFolder } from "../../../ci/policy/folder.ts"
import { checkStages } from "../../../ci/src/lib/stages.ts"
import { repository, service } from "./repository.ts"

const needs: Needs = { readiness: "/health/ready", secrets: [] }

/** This repository with the service in place of its application. */
async function placed(from: string, changed: Partial<Needs> = {}, into?: string): Promise<string> {
  const dir = into ?? (await repository())
  await place(from, dir, await readService(from), { ...needs, ...changed })
  return dir
}

const read = (...path: string[]) => readFile(join(...path), "utf8")

test.each(["plain", "fastify"] as const)("what it makes of the service %s keeps every rule", async name => {
  const dir = await placed(await service(name), { secrets: ["ORDERS_TOKEN"] })
  const checked = await checkFolder(join(dir, "docker"), new Map())
  expect(checked.map(({ name }) => name)).toEqual([
    "docker-compose.prod.yml",
    "Dockerfile.backend",
    "Dockerfile.edge",
  ])
  expect(checked.flatMap(({ findings }) => findings)).toEqual([])
  checkStages("Dockerfile.backend", await read(dir, "docker", "Dockerfile.backend"))
})

test("puts the service's files in place of the application, its pages and the tests of both", async () => {
  const dir = await placed(await service("plain"))
  expect((await readdir(join(dir, "app"))).sort()).toEqual(
    ["config", "counter.js", "main.js", "package-lock.json", "package.json", "test"].sort(),
  )
  expect((await readdir(dir)).sort()).toEqual([".env.example", "app", "docker", "package.json"])
  const scripts = Object.keys(JSON.parse(await read(dir, "package.json")).scripts)
  expect(scripts).toEqual(["start", "test", "kit", "check", "env-file", "policy"])
  expect(await read(dir, ".env.example")).not.toContain("PINECONE_API_KEY")
  expect(await read(dir, ".env.example")).toContain("\nDOCKER=")
})

test("leaves settings that the service has for an environment, and adds those that it has not", async () => {
  const from = await service("plain")
  await mkdir(join(from, "config"))
  await writeFile(join(from, "config", "staging.env"), "COLOUR=red\n")
  const dir = await placed(from)
  expect(await read(dir, "app", "config", "staging.env")).toBe("COLOUR=red\n")
  expect(await read(dir, "app", "config", "production.env")).toMatch(/^#.*\n$/)
})

test("starts the service as its script says, and asks for readiness where it answers", async () => {
  const dir = await placed(await service("fastify"), { readiness: "/healthz" })
  const dockerfile = await read(dir, "docker", "Dockerfile.backend")
  expect(dockerfile).toMatch(/^CMD \["node", .*, "dist\/main\.js"\]$/m)
  expect(dockerfile).toMatch(/^ +READINESS_PATH=\/healthz \\$/m)
  const { services } = parse(await read(dir, "docker", "docker-compose.prod.yml"), { merge: true })
  expect(services.edge.deploy.labels["io.lockstep.probe"]).toMatch(/127\.0\.0\.1:8081\/healthz$/)
})

test("gives the service its secrets, and none of the application's before", async () => {
  const stackOf = async (secrets: string[]) =>
    parse(await read(await placed(await service("plain"), { secrets }), "docker", "docker-compose.prod.yml"))
  const two = await stackOf(["TOKEN", "DATABASE_URL"])
  expect(two.services.backend.secrets).toEqual(["TOKEN", "DATABASE_URL"])
  expect(two.services.backend.environment).toMatchObject({ DATABASE_URL_FILE: "/run/secrets/DATABASE_URL" })
  expect(Object.keys(two.secrets)).toEqual(["TOKEN", "DATABASE_URL"])
  const none = await stackOf([])
  expect(none.secrets).toBeUndefined()
  expect(none.services.backend).not.toHaveProperty("secrets")
  expect(Object.keys(none.services.backend.environment)).toEqual(["APP_ENV", "APP_DIGEST", "PORT"])
})

test("keeps what was changed in the stack file, and its comments", async () => {
  const into = await repository()
  const path = join(into, "docker", "docker-compose.prod.yml")
  const changed = (await readFile(path, "utf8")).replace("memory: 512M", "memory: 2G")
  await writeFile(path, changed)
  await placed(await service("plain"), {}, into)
  const lines = (await readFile(path, "utf8")).split("\n")
  expect(lines.join("\n")).toContain('limits: { cpus: "1.0", memory: 2G, pids: 256 }')
  // Only lines that name the service differ from those that were there.
  expect(lines.filter(line => !changed.includes(line))).toEqual(["        target: /run/settings.env"])
})

test("refuses a stack file that it does not know, before it changes anything", async () => {
  const into = await repository()
  await writeFile(join(into, "docker", "docker-compose.prod.yml"), "services: { web: { image: x } }\n")
  await expect(placed(await service("plain"), {}, into)).rejects.toMatchObject({ code: "INIT_STACK_FILE" })
  expect(await readdir(join(into, "app"))).toContain("backend")
})

test("builds on the same stages as the application that came with the repository", async () => {
  const own = await readFile("docker/Dockerfile.backend", "utf8")
  const made = await readFile("ci/init/files/Dockerfile.backend", "utf8")
  const shared = (text: string) =>
    text.slice(text.indexOf("# COPY can remove"), text.lastIndexOf("ENV NODE_ENV"))
  expect(shared(made)).toContain("AS production")
  expect(shared(made)).toBe(shared(own))
})
