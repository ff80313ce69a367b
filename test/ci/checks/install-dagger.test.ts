import { createHash } from "node:crypto"
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { ensurePackages } from "../../../ci/engine/steps/docker.ts"

const archive = `dagger_v9.9.9_linux_${process.arch === "arm64" ? "arm64" : "amd64"}.tar.gz`

let folder: string
let server: Server
let asked: string[]

// A runner has it; a machine that the kit made ready need not.
beforeAll(() => ensurePackages(["curl", "ca-certificates"], "curl"))

/** A repository that wants a version which nobody has, and a place that has its archive. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "install-dagger-"))
  await mkdir(join(folder, ".github/dagger"), { recursive: true })
  await mkdir(join(folder, "home"))
  const script = await readFile(".github/dagger/install.sh")
  await writeFile(join(folder, ".github/dagger/install.sh"), script, { mode: 0o755 })
  await writeFile(join(folder, "dagger.json"), '{\n  "engineVersion": "v9.9.9"\n}\n')
  await writeFile(join(folder, "dagger"), "#!/bin/sh\necho 'dagger v9.9.9 (engine) linux'\n", { mode: 0o755 })
  await execa("tar", ["--create", "--gzip", "--file", archive, "dagger"], { cwd: folder })
  await serve(await readFile(join(folder, archive)))
})

afterEach(async () => {
  server.close()
  await rm(folder, { recursive: true, force: true })
})

async function serve(content: Buffer): Promise<void> {
  asked = []
  server = createServer((request, response) => {
    asked.push(request.url ?? "")
    if (request.url === `/v9.9.9/${archive}`) response.end(content)
    else response.writeHead(404).end()
  }).listen(0, "127.0.0.1")
  await new Promise(resolve => server.once("listening", resolve))
}

async function checksum(of: string = archive): Promise<void> {
  const hash = createHash("sha256")
    .update(await readFile(join(folder, archive)))
    .digest("hex")
  await writeFile(join(folder, ".github/dagger/sha256sums"), `${hash}  ${of}\n`)
}

async function install(env: Record<string, string> = {}) {
  const { port } = server.address() as AddressInfo
  const place = { DAGGER_RELEASES: `http://127.0.0.1:${port}`, HOME: join(folder, "home") }
  const all = { PATH: "/usr/bin:/bin", GITHUB_PATH: join(folder, "path"), ...place, ...env }
  return await execa(join(folder, ".github/dagger/install.sh"), { env: all, extendEnv: false, reject: false })
}

const installed = () => execa(join(folder, "home/.local/bin/dagger"), ["version"])

describe("the installation of dagger in CI", () => {
  it("takes the version of dagger.json, when the archive has the checksum that is written down", async () => {
    await checksum()
    const { exitCode, stderr } = await install()
    expect(exitCode, stderr).toBe(0)
    expect((await installed()).stdout).toBe("dagger v9.9.9 (engine) linux")
    expect(await readFile(join(folder, "path"), "utf8")).toBe(`${folder}/home/.local/bin\n`)
  })

  it("refuses an archive that was altered, and leaves nothing of it", async () => {
    await checksum()
    server.close()
    await serve(Buffer.from("something else"))
    expect(await install()).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("error CI_DAGGER_ALTERED"),
    })
    await expect(installed()).rejects.toThrow()
  })

  it("refuses a version whose checksum nobody wrote down, and does not even ask for it", async () => {
    await checksum("dagger_v9.9.8_linux_amd64.tar.gz")
    expect(await install()).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("error CI_DAGGER_UNKNOWN"),
    })
    expect(asked).toEqual([])
  })

  it("says so when the archive cannot be had", async () => {
    await checksum()
    expect(await install({ DAGGER_RELEASES: "http://127.0.0.1:1" })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("error CI_DAGGER_UNREACHABLE"),
    })
  })

  it("fetches nothing where that version is already, and does so where another one is", async () => {
    await checksum()
    expect((await install({ PATH: `${folder}:/usr/bin:/bin` })).stdout).toBe("dagger v9.9.9 is here already")
    expect(asked).toEqual([])
    await writeFile(join(folder, "dagger"), "#!/bin/sh\necho 'dagger v9.9.98 (engine) linux'\n")
    expect((await install({ PATH: `${folder}:/usr/bin:/bin` })).stdout).toContain("dagger v9.9.9 installed")
  })

  it("has a checksum for the version that is pinned", async () => {
    const { engineVersion } = JSON.parse(await readFile("dagger.json", "utf8"))
    const lines = (await readFile(".github/dagger/sha256sums", "utf8")).trim().split("\n")
    for (const machine of ["amd64", "arm64"])
      expect(lines).toContainEqual(
        expect.stringMatching(`^[0-9a-f]{64}  dagger_${engineVersion}_linux_${machine}.tar.gz$`),
      )
  })
})
