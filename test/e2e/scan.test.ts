import { createReadStream } from "node:fs"
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { floor } from "../../ci/scanner/database/state.ts"
import { writeDatabase } from "../scan/database.ts"
import { dockerfileRules, faultyDockerfile, faultyWorkflow, workflowRules } from "../scan/planted-faults.ts"
import { plantedSecrets, secretsFile } from "../scan/planted-secrets.ts"
// Versions with an advisory in the hand-written database, and the first without. The pack takes them along.
import vulnerable from "../scan/vulnerable.json" with { type: "json" }
import { type Call, Clone } from "./clone.ts"

/** What verdict.json says, as far as it is looked at here. */
interface Verdict {
  verdict: string
  reasons: string[]
  scans: { name: string; state: string; findings: Found[] }[]
}

interface Found {
  rule: string
  fixed?: string
  broughtBy?: string[]
  place: { subject: string; file?: string; commit?: string }
  package?: { name: string; version: string }
}

const today = new Date().toISOString()
let clone: Clone
let databases: string

beforeAll(async () => {
  clone = await Clone.create()
  databases = await mkdtemp(join(tmpdir(), "lockstep-db-"))
})

afterAll(async () => {
  await clone.remove()
  await rm(databases, { recursive: true, force: true })
})

function database(name: string): string {
  return join(databases, name)
}

/** With the clone's own database, which is fresh, or another one. */
async function scan(name?: string, ...args: string[]): Promise<Call> {
  const given = name === undefined ? [] : [`--vulnerability-db=${database(name)}`]
  return await clone.call(...given, "security-scan", ...args)
}

function findings(verdict: Verdict, scanned: string): Found[] {
  return verdict.scans.find(({ name }) => name === scanned)?.findings ?? []
}

/** npm writes the lockfile, so that it is one as users have it. */
async function install(...packages: string[]): Promise<void> {
  const options = ["--package-lock-only", "--save-exact", "--ignore-scripts", "--no-audit", "--no-fund"]
  await execa("npm", ["install", ...options, ...packages], { cwd: clone.dir })
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(clone.dir, file)
  await writeFile(path, change(await readFile(path, "utf8")))
}

const git = (...args: string[]) =>
  execa("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], { cwd: clone.dir })

describe("this repository", () => {
  test("is clean, with a fresh database and versions that are mended", async () => {
    await install(...Object.entries(vulnerable).map(([name, { fixed }]) => `${name}@${fixed}`))
    // A signing key is where the docs put it, and git ignores it.
    await writeFile(join(clone.dir, "signing.pem"), plantedSecrets["private-key"] ?? "")
    const expires = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    const unused = ["id: GHSA-none", "package: none", "reason: none", "owner: test", `expires: "${expires}"`]
    await edit("security-exceptions.yaml", text => `${text}- ${unused.join("\n  ")}\n`)
    const { exitCode, stdout, screen } = await scan()
    expect(exitCode, screen).toBe(0)
    expect(stdout).toContain("verdict clean")
    expect(stdout).toContain("the exception GHSA-none of none covers nothing: remove it")
  })

  test("is not clean without a database, and that is said first", async () => {
    const setting = `VULNERABILITYDB=${clone.database}`
    await edit(".env", text => text.replace(setting, `#${setting}`))
    const { exitCode, screen } = await scan()
    await edit(".env", text => text.replace(`#${setting}`, setting))
    expect(exitCode).toBe(42)
    expect(screen).toMatch(/^Error: !!! NO VULNERABILITY DATABASE/m)
  })

  test("is not clean with an old one", async () => {
    const old = new Date(Date.now() - 6 * 86_400_000).toISOString()
    await writeDatabase(database("old"), { modified: old, entries: floor })
    const { exitCode, screen } = await scan("old")
    expect(exitCode).toBe(41)
    expect(screen).toContain("6.0 days old")
    expect((await scan("old", "--max-db-age=7")).exitCode).toBe(0)
  })

  test("is not clean with one that lacks an advisory which every database has", async () => {
    await writeDatabase(database("other"), { modified: today, entries: floor, without: "DSA-5514-1" })
    const { exitCode, screen } = await scan("other")
    expect(exitCode).toBe(42)
    expect(screen).toContain("does not find DSA-5514-1 (Debian) in a bom that has it")
  })

  describe("with a workflow that cannot be read", () => {
    let broken: string

    beforeAll(async () => {
      const workflowsDir = join(clone.dir, ".github", "workflows")
      await mkdir(workflowsDir, { recursive: true })
      broken = join(workflowsDir, "broken.yml")
      await writeFile(broken, "on: [push\njobs:\n")
    })

    // Before the next tests, whatever became of these: they would all fail with it.
    afterAll(async () => await rm(broken))

    test("is not clean, and the tool is named", async () => {
      const { exitCode, screen } = await scan()
      expect(exitCode, screen).toBe(43)
      expect(screen).toContain("zizmor on .github/workflows: ended with")
    })

    test("has the report of every other tool", async () => {
      const report = join(clone.dir, "dist", "report")
      await clone.succeed("security-report", "export", `--path=${report}`)
      await expect(readFile(join(report, "sarif", "zizmor.sarif"))).rejects.toThrow("ENOENT")
      await expect(readFile(join(report, "sarif", "hadolint.sarif"))).resolves.toBeDefined()
    })
  })
})

describe("the vulnerability database", () => {
  test("is fetched from a mirror, byte by byte", async () => {
    const server = createServer((request, response) => {
      createReadStream(join(clone.database, request.url ?? "")).pipe(response)
    })
    await new Promise<void>(listening => server.listen(0, "127.0.0.1", listening))
    const { port } = server.address() as AddressInfo
    const fetched = join(databases, "fetched")
    const call = ["refresh-db", `--mirror=tcp://localhost:${port}`, "export", `--path=${fetched}`]
    await clone.succeed(...call)
    server.close()
    for (const name of ["npm", "Debian", "Go"]) {
      const [theirs, ours] = [clone.database, fetched].map(dir => readFile(join(dir, name, "all.zip")))
      expect((await ours)?.equals((await theirs) ?? Buffer.of())).toBe(true)
    }
    const again = await clone.call(...call)
    expect(again.exitCode).toBe(1)
    expect(again.screen).toContain("error SCAN_DB_UNREACHABLE")
  })

  test("may be readable for its owner alone", async () => {
    const strict = database("strict")
    await cp(clone.database, strict, { recursive: true })
    for (const name of ["npm", "Debian", "Go"]) await chmod(join(strict, name, "all.zip"), 0o600)
    await clone.succeed(`--vulnerability-db=${strict}`, "security-scan")
  })

  test("is asked for before anything is deployed", async () => {
    await writeDatabase(database("empty"), { modified: today, entries: floor, ecosystems: ["npm"] })
    await clone.keepOneTest('test("passes", () => expect(1).toBe(1))')
    const project = `--project=scan${process.pid}`
    const given = `--vulnerability-db=${database("empty")}`
    const { exitCode, screen } = await clone.call(project, given, "deploy", "--env", "staging")
    expect(exitCode).toBe(10)
    expect(screen).toMatch(/error DEPLOY_NOT_SCANNED: the verdict of the scan is no-db/)
  })
})

describe("planted", () => {
  let verdict: Verdict
  let report: string
  let written: string

  beforeAll(async () => {
    await plant()
    report = join(clone.dir, "dist", "planted")
    await clone.succeed("security-report", "export", `--path=${report}`)
    const { stdout } = await execa("grep", ["-rhE", "", report])
    written = stdout
    verdict = JSON.parse(await readFile(join(report, "verdict.json"), "utf8"))
  })

  test("all of it makes findings", () => {
    expect(verdict.verdict).toBe("findings")
  })

  test("four packages are found, with the version that mends them and what brings them in", () => {
    const found = findings(verdict, "dependencies")
    const expected = Object.entries(vulnerable).map(([name, { version, fixed, advisory }]) => ({
      rule: advisory,
      fixed,
      broughtBy: [`${name}@${version}`],
      package: { ecosystem: "npm", name, version },
    }))
    for (const one of expected) expect(found).toContainEqual(expect.objectContaining(one))
    // Not the advisory for Express, which is another name than express.
    expect(found).toHaveLength(expected.length)
  })

  test.each([
    ["tree", ({ place }: Found) => place.file === "app/planted.conf" && !place.commit],
    ["history", ({ place }: Found) => place.file === "app/removed.conf" && place.commit !== undefined],
    ["layer", ({ place }: Found) => place.subject === "image backend" && place.file === "app/planted.conf"],
  ] as const)("ten kinds of secrets are found in the %s", (_, isThere) => {
    const rules = findings(verdict, "secrets").filter(isThere)
    expect(rules.map(({ rule }) => rule)).toEqual(expect.arrayContaining(Object.keys(plantedSecrets)))
  })

  test("nine kinds of secrets are found in ENV; the tenth has lines and cannot be there", () => {
    const inConfig = ({ place }: Found) => place.subject === "image backend" && place.file === "config.json"
    const rules = findings(verdict, "secrets").filter(inConfig)
    const expected = Object.keys(plantedSecrets).filter(kind => kind !== "private-key")
    expect(rules.map(({ rule }) => rule)).toEqual(expect.arrayContaining(expected))
  })

  test("no secret is in any of the report's files", () => {
    for (const value of Object.values(plantedSecrets))
      for (const line of value
        .split("\n")
        .slice(0, 2)
        .filter(text => !text.startsWith("-----")))
        expect(written).not.toContain(line)
    expect(written).toContain("app/planted.conf")
  })

  test("faults of the workflow are found, one that its author told the tool to ignore among them", () => {
    const rules = findings(verdict, "workflows").map(({ rule }) => rule)
    expect(rules).toEqual(expect.arrayContaining(workflowRules))
    expect(rules.filter(rule => rule === "template-injection").length).toBeGreaterThan(1)
    expect(findings(verdict, "workflow-syntax").map(({ rule }) => rule)).toContain("expression")
  })

  test("ten faults of the Dockerfile are found", () => {
    const rules = findings(verdict, "dockerfiles")
      .filter(({ place }) => place.file === "docker/Dockerfile.planted")
      .map(({ rule }) => rule)
    expect(rules).toEqual(expect.arrayContaining(dockerfileRules))
  })
})

async function plant(): Promise<void> {
  const put = (file: string, text: string) => writeFile(join(clone.dir, file), text)
  const secrets = secretsFile(plantedSecrets)
  await install(...Object.entries(vulnerable).map(([name, { version }]) => `${name}@${version}`))
  await put("app/removed.conf", secrets)
  await git("add", "app/removed.conf")
  await git("commit", "--quiet", "--message", "Add settings")
  await git("rm", "--quiet", "app/removed.conf")
  await git("commit", "--quiet", "--message", "Remove settings")
  await put("app/planted.conf", secrets)
  await put(".github/workflows/faulty.yml", faultyWorkflow)
  await put("docker/Dockerfile.planted", faultyDockerfile)
  const variables = Object.entries(plantedSecrets)
    .filter(([, value]) => !value.includes("\n"))
    .map(([kind, value]) => `ENV ${kind.toUpperCase().replaceAll("-", "_")}=${value}\n`)
  await edit("docker/Dockerfile.backend", text =>
    text
      .replace(
        "FROM scratch AS slim-content\n",
        "FROM scratch AS slim-content\nCOPY app/planted.conf /app/\n",
      )
      .replace("WORKDIR /app\nARG APP_COMMIT", `WORKDIR /app\n${variables.join("")}ARG APP_COMMIT`),
  )
}
