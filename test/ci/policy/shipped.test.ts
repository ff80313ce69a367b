import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { execa } from "execa"
import { expect, onTestFinished, test } from "vitest"
import { checkFolder } from "../../../ci/policy/folder.ts"

/** A copy of the folder docker, with one file changed. */
async function dockerFolder(name: string, change: (text: string) => string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "policy-"))
  onTestFinished(() => rm(dir, { recursive: true }))
  await cp("docker", dir, { recursive: true })
  const path = join(dir, name)
  await writeFile(path, change(await readFile(path, "utf8")))
  return dir
}

/** Runs the policy as `npm run policy` does. */
function run(...args: string[]) {
  const tsx = import.meta.resolve("tsx")
  return execa(process.execPath, ["--import", tsx, resolve("ci/policy/main.ts"), ...args], { reject: false })
}

test("the shipped stack file and Dockerfiles keep every rule", async () => {
  const checked = await checkFolder("docker", new Map())
  expect(checked.map(({ name }) => name)).toContain("Dockerfile.backend")
  expect(checked.flatMap(({ findings }) => findings)).toEqual([])
})

test("what the image no longer brings, the stack file lacks as well", async () => {
  const dir = await dockerFolder("Dockerfile.backend", text => text.replace(/^USER .*$/m, ""))
  const checked = await checkFolder(dir, new Map())
  const found = checked.flatMap(({ name, findings }) =>
    findings.map(({ code, subject }) => `${name} ${subject} ${code}`),
  )
  expect(found).toEqual([
    "docker-compose.prod.yml backend POLICY_USER",
    "Dockerfile.backend production POLICY_USER",
  ])
})

test("the command prints a table, and for each finding what is wrong, why, and what to do", async () => {
  const clean = await run("docker")
  expect(clean.exitCode).toBe(0)
  expect(clean.stdout).toMatch(/^CHECKED +RESULT\ndocker-compose\.prod\.yml +ok\n/)

  const dir = await dockerFolder("docker-compose.prod.yml", text =>
    text.replace("read_only: true", "read_only: false"),
  )
  const { exitCode, stdout } = await run(dir)
  expect(exitCode).toBe(1)
  expect(stdout).toContain("docker-compose.prod.yml  3 findings\n")
  expect(stdout).toMatch(
    /^error POLICY_READ_ONLY: docker-compose\.prod\.yml: backend: .+\n {2}why: .+\n {2}do: {2}.+$/m,
  )
})

test("for programs it prints JSON", async () => {
  const dir = await dockerFolder("docker-compose.prod.yml", text => text.replace(", pids: 256", ""))
  const { exitCode, stdout } = await run("--json", dir)
  expect(exitCode).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    passed: false,
    findings: [{ code: "POLICY_LIMITS", checked: "docker-compose.prod.yml", subject: "edge" }],
  })
})

test("what cannot be read is a finding: no file, no YAML, no services, no image", async () => {
  expect((await run("/nowhere")).stdout).toContain("error POLICY_INPUT: /nowhere: ")
  expect((await run("--image", "backend=/nowhere")).stdout).toContain("error POLICY_INPUT: ")
  for (const text of ["a: [", "services: {}", ""]) {
    const { exitCode, stdout } = await run(await dockerFolder("docker-compose.prod.yml", () => text))
    expect(exitCode, text).toBe(1)
    expect(stdout, text).toContain("error POLICY_INPUT: docker-compose.prod.yml: ")
  }
})
