import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { Clone, projectDir } from "./clone.ts"

let clone: Clone

beforeAll(async () => {
  clone = await Clone.create()
})

// Not earlier: whichever clone was first to load the module, the engine may come back to its folder.
afterAll(() => clone.remove())

describe("dagger functions", () => {
  test("lists every function with a sentence", async () => {
    const { stdout } = await clone.dagger("functions")
    const rows = stdout
      .split("\n")
      .slice(1)
      .map(line => line.split(/\s{2,}/))
    expect(rows.map(([name]) => name)).toEqual([
      ...[
        "build",
        "clean",
        "deploy",
        "environments",
        "history",
        "images",
        "init-app",
        "lint",
        "lock-images",
        "logs",
        "notify",
        "policy",
        "preflight",
        "production",
        "refresh-db",
        "restart",
        "rollback",
        "scan-tools",
        "security-report",
        "security-scan",
        "staging",
        "start",
        "status",
        "stop",
        "test",
        "type-check",
        "unit-test",
        "verify",
        "verify-image",
      ],
    ])
    for (const [name, sentence] of rows) expect(sentence?.split(" ").length, name).toBeGreaterThan(3)
  })

  test("explains every argument of every function, and of the constructor", async () => {
    const { types } = await clone.schema()
    const fields = (type: string) => types.find(({ name }) => name === type)?.fields ?? []
    const made = fields("Query").filter(({ name }) => name === "lockstep")
    const functions = [...made, ...fields("Lockstep")]
    expect(functions.length).toBeGreaterThan(25)
    const unexplained = functions.flatMap(({ name, args }) =>
      args.filter(({ description }) => description.trim() === "").map(arg => `${name} --${arg.name}`),
    )
    expect(unexplained).toEqual([])
    const { stdout } = await clone.call("rollback", "--help")
    expect(stdout).toMatch(/^ +--to string +Number of the release, or its digest/m)
  })
})

test("dagger develop changes no file that counts, and the module's sources fit the client that it generates", async () => {
  const before = await clone.sources()
  expect((await clone.dagger("develop")).exitCode).toBe(0)
  expect((await execa("git", ["status", "--porcelain"], { cwd: clone.dir })).stdout).toBe("")
  expect(await clone.sources()).toBe(before)
  const tsc = join(projectDir, "node_modules", ".bin", "tsc")
  const { all, exitCode } = await execa(tsc, ["--noEmit", "-p", "ci"], {
    cwd: clone.dir,
    all: true,
    reject: false,
  })
  expect(exitCode, all).toBe(0)
})

describe("dagger call test", () => {
  test("prints a summary of what it ran", async () => {
    const { exitCode, stdout } = await clone.call("test")
    expect(stdout).toMatch(
      /^types {2}ok\nlint {3}ok\ntests {2}\d+ passed, 0 failed(, \d+ skipped)?, in \d+ files$/,
    )
    expect(exitCode).toBe(0)
  })

  test("fails and shows the name of a test whose assertion is broken", async () => {
    const broken = await Clone.create()
    await broken.keepOneTest('test("the sum of one and one is three", () => expect(1 + 1).toBe(3))')
    const { exitCode, screen } = await broken.call("test")
    await broken.remove()
    expect(exitCode).not.toBe(0)
    expect(screen).toContain("the sum of one and one is three")
  })

  test("is what dagger check repeats: a wrong type makes it fail", async () => {
    const broken = await Clone.create()
    await broken.keepOneTest('test("passes", () => expect(1).toBe(1))')
    const file = join(broken.dir, "app", "backend", "lifecycle.ts")
    await writeFile(file, `${await readFile(file, "utf8")}\nexport const port: number = "80"\n`)
    const { exitCode, screen } = await broken.dagger("check")
    await broken.remove()
    expect(exitCode).not.toBe(0)
    expect(screen).toContain("not assignable to type 'number'")
  })
})

test("dagger check runs every check and passes", async () => {
  const { exitCode, screen } = await clone.dagger("check")
  expect(exitCode, screen).toBe(0)
  for (const name of ["lint", "policy", "typeCheck", "unitTest"]) expect(screen).toContain(name)
})

describe("dagger call policy", () => {
  test("prints what it checked: stack file, Dockerfiles, the built image", async () => {
    const { exitCode, stdout } = await clone.call("policy", "--format=json")
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      passed: true,
      checked: [
        "docker-compose.prod.yml",
        ...["backend", "edge", "frontend"].map(name => `Dockerfile.${name}`),
        ...["backend", "frontend", "edge"].map(name => `image ${name}`),
      ],
      findings: [],
    })
  })

  test("names what is wrong with the stack file and, deep in its layers, with the image", async () => {
    const broken = await Clone.create()
    await edit(broken, "docker-compose.prod.yml", text => text.replace("read_only: true", "read_only: false"))
    const planted =
      "RUN mkdir /out/app/bin && cp /bin/true /out/app/bin/x && chmod 4755 /out/app/bin/x && touch /out/.env"
    await edit(broken, "Dockerfile.backend", text =>
      text.replace(/^FROM \S+ AS development$/m, `${planted}\n$&`),
    )
    const { exitCode, screen } = await broken.call("policy")
    await broken.remove()
    expect(exitCode).not.toBe(0)
    expect(screen).toContain("error POLICY_READ_ONLY: docker-compose.prod.yml: backend: ")
    expect(screen).toMatch(/error POLICY_SETUID: image backend: backend: \/app\/bin\/x is setuid/)
    expect(screen).toMatch(/error POLICY_SECRET_FILE: image backend: backend: layer \d: \/\.env is/)
  })
})

async function edit(where: Clone, name: string, change: (text: string) => string): Promise<void> {
  const path = join(where.dir, "docker", name)
  await writeFile(path, change(await readFile(path, "utf8")))
}
