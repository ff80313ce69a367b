import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { Clone, projectDir } from "./clone.ts"
import { Layout } from "./layout.ts"

let clone: Clone
let second: Clone | undefined

beforeAll(async () => {
  clone = await Clone.create()
})

// Not earlier: whichever clone was first to load the module, the engine may come back to its folder.
afterAll(async () => {
  await clone.remove()
  await second?.remove()
})

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

test("dagger develop changes no committed file, and the module's sources fit the client that it generates", async () => {
  expect((await clone.dagger("develop")).exitCode).toBe(0)
  expect((await execa("git", ["status", "--porcelain"], { cwd: clone.dir })).stdout).toBe("")
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

test("two clones in different folders build the same digest at the same time", async () => {
  second = await Clone.create()
  const [one, two] = await Promise.all([clone.call("build"), second.call("build")])
  for (const { exitCode, screen } of [one, two]) expect(exitCode, screen).toBe(0)
  expect(one.stdout).toMatch(/^backend +sha256:[0-9a-f]{64}\nfrontend +sha256:[0-9a-f]{64}\nedge +sha256:/)
  expect(two.stdout).toBe(one.stdout)
})

test("every image has its Dockerfile's health check and runs as a user without privileges", async () => {
  const out = join(clone.dir, "layouts")
  const { exitCode, screen } = await clone.call("images", "layouts", "export", "--path", out)
  expect(exitCode, screen).toBe(0)
  for (const name of ["backend", "frontend", "edge"]) {
    const { config } = await new Layout(join(out, name)).config()
    expect(config.Healthcheck.Test[0], name).toBe("CMD")
    expect(config.Healthcheck.Interval, name).toBe(5e9)
    expect(config.User, name).toBe("10001:10001")
  }
})

describe("images publish", () => {
  test("pushes each image and prints its reference, by the digest that build prints", async () => {
    const built = (await clone.call("build")).stdout
    const { exitCode, stdout, screen } = await clone.call("images", "publish")
    expect(exitCode, screen).toBe(0)
    for (const reference of stdout.split("\n")) {
      const [, name, digest] = /^localhost:5000\/lockstep\/(\w+)@(sha256:\w+)$/.exec(reference) ?? []
      expect(built).toMatch(new RegExp(`^${name} +${digest}$`, "m"))
      const accept = "application/vnd.oci.image.manifest.v1+json"
      const url = `http://localhost:5000/v2/lockstep/${name}/manifests/${digest}`
      expect((await fetch(url, { headers: { accept } })).status, reference).toBe(200)
    }
  })
})

describe("the base images", () => {
  const lockFile = () => join(clone.dir, "docker", "images.lock.json")

  test("are locked by lock-images, and build names one that is not as in the lock", async () => {
    const renewed = await clone.call("lock-images", "export", "--path", lockFile())
    expect(renewed.exitCode, renewed.screen).toBe(0)
    expect((await clone.call("build")).stdout).not.toContain("base ")
    const lock = JSON.parse(await readFile(lockFile(), "utf8"))
    const [registry] = Object.keys(lock["node:24-bookworm-slim"])
    lock["node:24-bookworm-slim"][registry as string] = `sha256:${"0".repeat(64)}`
    await writeFile(lockFile(), JSON.stringify(lock))
    expect((await clone.call("build")).stdout).toMatch(
      /^base +node:24-bookworm-slim of \S+ is sha256:\w+, the lock has sha256:000000000000$/m,
    )
    await execa("git", ["checkout", "--", "docker/images.lock.json"], { cwd: clone.dir })
  })
})

test("the minimal backend has no other program than Node, less than 150 MB, and is healthy when it runs", async () => {
  const out = join(clone.dir, "minimal")
  const built = await clone.call(
    "--backend-runtime=minimal",
    "images",
    "backend",
    "layout",
    "export",
    "--path",
    out,
  )
  expect(built.exitCode, built.screen).toBe(0)
  const layout = new Layout(out)
  const files = await layout.files()
  const programs = files
    .map(({ path }) => path)
    .filter(path => /^(usr\/)?s?bin\/.|^nodejs\/bin\/./.test(path))
  expect(programs).toEqual(["nodejs/bin/node"])
  expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(150e6)
  await layout.push("http://localhost:5000/v2/lockstep/minimal")
  expect(await healthOf(`localhost:5000/lockstep/minimal@${await layout.digest()}`)).toBe("healthy")
  const policy = await clone.call("--backend-runtime=minimal", "policy")
  expect(policy.exitCode, policy.screen).toBe(0)
  expect((await clone.call("--backend-runtime=huge", "build")).screen).toContain(
    "error BUILD_UNKNOWN_RUNTIME",
  )
})

/** What the image's own health check says once it has said something. */
async function healthOf(image: string): Promise<string> {
  const options = ["--detach", "--read-only", "--cap-drop", "ALL", "--tmpfs", "/tmp"]
  const { stdout: id } = await execa("docker", ["run", ...options, image])
  try {
    return await vi.waitFor(
      async () => {
        const { stdout } = await execa("docker", ["inspect", "--format", "{{.State.Health.Status}}", id])
        if (stdout === "starting") throw new Error("still starting")
        return stdout
      },
      { timeout: 60_000, interval: 500 },
    )
  } finally {
    await execa("docker", ["rm", "-f", id])
  }
}
