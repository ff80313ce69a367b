import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { lock } from "proper-lockfile"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { projectDir } from "../e2e/clone.ts"

const entry = join(projectDir, "ci", "engine", "entry.mjs")

let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "kit-e2e-"))
})

afterEach(() => rm(home, { recursive: true, force: true }))

/** Runs the kit with a cache folder of its own, so that the machine's is not touched. */
async function kit(verb: string, env: NodeJS.ProcessEnv = {}) {
  const options = { env: { XDG_CACHE_HOME: home, ...env }, reject: false, all: true } as const
  return await execa(process.execPath, [entry, verb], options)
}

describe("status", () => {
  test("says that all parts are ready, for people and for programs", async () => {
    const people = await execa(process.execPath, [entry, "status"])
    expect(people.stdout).toMatch(/✓ engine +the kit's/)
    const programs = await execa(process.execPath, [entry, "status", "--json"])
    const parts = JSON.parse(programs.stdout) as { part: string; ready: boolean }[]
    expect(parts.filter(part => !part.ready)).toEqual([])
    expect(parts.map(({ part }) => part)).toContain("registry")
  })

  test("exits with 1 and names Docker when Docker does not answer", async () => {
    const { exitCode, stdout } = await kit("status", { DOCKER_HOST: "unix:///nonexistent.sock" })
    expect(exitCode).toBe(1)
    expect(stdout).toContain("✗ docker")
  })
})

test("the engine keeps no more than 40 GB, however large the disk is, and makes much room at once", async () => {
  const query = "{ engine { localCache { maxUsedSpace targetSpace } } }"
  const { stdout } = await execa("dagger", ["--silent", "query", "--no-mod"], { input: query })
  const gigabytes = 2 ** 30
  expect(JSON.parse(stdout).engine.localCache).toEqual({
    maxUsedSpace: 40 * gigabytes,
    targetSpace: 20 * gigabytes,
  })
})

describe("bad circumstances give one clear error and leave nothing half-made", () => {
  /** One error, in the form that all have, and no artefact in the cache folder. */
  async function refused(result: Awaited<ReturnType<typeof kit>>, code: string): Promise<void> {
    expect(result.exitCode).toBe(1)
    expect(result.all?.match(/^error /gm), result.all).toHaveLength(1)
    expect(result.all).toMatch(new RegExp(`error ${code}: .+\\n {2}why: [\\s\\S]+\\n {2}do: {2}.+`))
    const left = await readdir(join(home, "lockstep")).catch(() => [])
    expect(left.filter(name => /-[0-9a-f]{16}$|^draft-/.test(name))).toEqual([])
  }

  test("a second run while one is at work", async () => {
    await mkdir(join(home, "lockstep"))
    const release = await lock(join(home, "lockstep"), { lockfilePath: join(home, "lockstep", "lock") })
    await refused(await kit("start"), "KIT_BUSY")
    await release()
  })

  test("a DOCKER_HOST where nothing answers", async () => {
    await refused(await kit("up", { DOCKER_HOST: "unix:///nonexistent.sock" }), "KIT_DOCKER_REFUSED")
  })

  test("no Docker, and nothing to install it with", async () => {
    const path = join(home, "bin")
    await mkdir(path)
    for (const tool of ["node", "which", "sh"]) {
      const { stdout } = await execa("which", [tool])
      await symlink(stdout, join(path, tool))
    }
    await refused(await kit("up", { PATH: path }), "KIT_NO_DOCKER")
  })

  test("a disk that is nearly full", async () => {
    // A file system of 64 MB in place of the cache folder's disk.
    await execa("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", home])
    try {
      await refused(await kit("up"), "KIT_DISK_FULL")
    } finally {
      await execa("umount", [home])
    }
  })

  test("a verb that does not exist", async () => {
    await refused(await kit("fly"), "KIT_USAGE")
  })
})

test("clean takes away the plugins of Docker that the kit made, and leaves others", async () => {
  const plugins = join(home, "docker", "cli-plugins")
  await mkdir(plugins, { recursive: true })
  await mkdir(join(home, "lockstep"))
  await symlink(
    join(home, "lockstep", "compose-0123456789abcdef", "compose"),
    join(plugins, "docker-compose"),
  )
  await symlink("/elsewhere/buildx", join(plugins, "docker-buildx"))
  // Without a Docker, so that the machine's own is left alone.
  const nowhere = { DOCKER_HOST: "unix:///nonexistent.sock", DOCKER_CONFIG: join(home, "docker") }
  const { exitCode, all } = await kit("clean", nowhere)
  expect(exitCode, all).toBe(0)
  expect(await readdir(plugins)).toEqual(["docker-buildx"])
})

test("a Node that is too old is told so before anything else", async () => {
  // The entry reads the version from process.versions: an older Node is as good as one that says so.
  const preload = `data:text/javascript,Object.defineProperty(process.versions, "node", { value: "18.19.0" })`
  const result = await execa(process.execPath, ["--import", preload, entry, "status"], { reject: false })
  expect(result.stderr).toMatch(/^error KIT_NODE_TOO_OLD: Node 18\.19\.0/)
})
