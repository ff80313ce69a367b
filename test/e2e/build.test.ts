import { appendFile, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { Clone } from "./clone.ts"
import { Layout } from "./layout.ts"

let clone: Clone
let second: Clone

beforeAll(async () => {
  clone = await Clone.create()
  second = await Clone.create()
})

// Not earlier: whichever clone was first to load the module, the engine may come back to its folder.
afterAll(async () => {
  await clone.remove()
  await second.remove()
})

test("two clones in different folders build the same digest at the same time", async () => {
  const [one, two] = await Promise.all([clone.call("build"), second.call("build")])
  for (const { exitCode, screen } of [one, two]) expect(exitCode, screen).toBe(0)
  expect(one.stdout).toMatch(/^backend +sha256:[0-9a-f]{64}\nfrontend +sha256:[0-9a-f]{64}\nedge +sha256:/)
  expect(two.stdout).toBe(one.stdout)
})

test("a clone with another module finds all that was built in the cache", async () => {
  await appendFile(join(second.dir, "ci", "src", "index.ts"), "\n// Another module.\n")
  const { exitCode, screen } = await second.call("build")
  expect(exitCode, screen).toBe(0)
  expect(screen).not.toContain("] RUN ")
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
