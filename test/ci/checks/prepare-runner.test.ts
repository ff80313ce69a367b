import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterEach, beforeEach, describe, expect, it } from "vitest"

let folder: string

/** A checkout whose dagger is installed already, on a machine whose docker writes down what it is told. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "prepare-runner-"))
  await mkdir(join(folder, ".github/dagger"), { recursive: true })
  await copyFile(".github/dagger/prepare.sh", join(folder, ".github/dagger/prepare.sh"))
  await writeFile(join(folder, ".github/dagger/install.sh"), "#!/bin/sh\n", { mode: 0o755 })
  const docker = `#!/bin/sh\n{ echo "$@"; cat; } > ${folder}/docker-was-told\n`
  await writeFile(join(folder, "docker"), docker, { mode: 0o755 })
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** @returns what the script left for the steps after it */
async function prepare(env: Record<string, string>) {
  const variables = join(folder, "variables")
  await writeFile(variables, "")
  const own = { PATH: `${folder}:/usr/bin:/bin`, GITHUB_ENV: variables, GITHUB_ACTOR: "ada", ...env }
  await execa(join(folder, ".github/dagger/prepare.sh"), { env: own, extendEnv: false })
  return {
    variables: await readFile(variables, "utf8"),
    settings: await readFile(join(folder, ".env"), "utf8"),
    docker: await readFile(join(folder, "docker-was-told"), "utf8").catch(() => undefined),
  }
}

describe("a runner is prepared", () => {
  it("with the settings of the repository's variable, and no cache unless one is named", async () => {
    const env = { LOCKSTEP_ENV: "PROJECT=shop\nDOCKER=unix:///var/run/docker.sock", DAGGER_CACHE: "" }
    const { variables, settings, docker } = await prepare({ ...env, GITHUB_TOKEN: "a-token" })
    expect(settings).toBe("PROJECT=shop\nDOCKER=unix:///var/run/docker.sock\n")
    expect(variables).toBe("")
    expect(docker).toBeUndefined()
  })

  it("to read all parts of the cache, and to write none", async () => {
    const { variables, docker } = await prepare({
      DAGGER_CACHE: "registry.example/cache",
      GITHUB_TOKEN: "a-token",
    })
    const read = "type=registry,ref=registry.example/cache"
    expect(variables).toBe(
      `_EXPERIMENTAL_DAGGER_CACHE_IMPORT_CONFIG=${read}:test;${read}:build;${read}:scan-tools\n`,
    )
    expect(docker, "the token is GitHub's alone").toBeUndefined()
  })

  it("to write the part of the cache that its job is for, however long that takes, and to read none", async () => {
    const { variables } = await prepare({ DAGGER_CACHE: "registry.example/cache", CACHE_PART: "build" })
    expect(variables.trim().split("\n")).toEqual([
      "_EXPERIMENTAL_DAGGER_SHUTDOWN_TIMEOUT=30m",
      "_EXPERIMENTAL_DAGGER_CACHE_EXPORT_CONFIG=type=registry,ref=registry.example/cache:build,mode=max",
    ])
  })

  it("with a login to GitHub's registry, where the job has a token", async () => {
    const env = { DAGGER_CACHE: "ghcr.io/owner/shop/cache" }
    expect((await prepare(env)).docker).toBeUndefined()
    const { docker, variables } = await prepare({ ...env, GITHUB_TOKEN: "a-token" })
    expect(docker).toBe("login ghcr.io --username ada --password-stdin\na-token")
    expect(variables).not.toContain("a-token")
  })
})
