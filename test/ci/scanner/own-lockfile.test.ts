import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { readResults } from "../../../ci/scanner/inputs.ts"

/** What osv-scanner says of a lockfile with one package that has an advisory. */
const vulnerable = JSON.stringify({
  results: [
    {
      packages: [
        {
          package: { name: "left", version: "1.0.0", ecosystem: "npm" },
          vulnerabilities: [{ id: "GHSA-1", summary: "it leaks" }],
          groups: [{ ids: ["GHSA-1"], aliases: [], max_severity: "9.1" }],
        },
      ],
    },
  ],
})
const clean = JSON.stringify({ results: [] })

const locked = (name: string, license: string) => ({
  "": { name: "own", dependencies: { [name]: "1.0.0" } },
  [`node_modules/${name}`]: { version: "1.0.0", license },
})

/** The folders that the pipeline gives to the scanner, with these lockfiles and what was said of them. */
async function scanned(lockfiles: Record<string, object>, runs: Record<string, string>) {
  const dir = await mkdtemp(join(tmpdir(), "scan-"))
  onTestFinished(() => rm(dir, { recursive: true }))
  await mkdir(join(dir, "lockfiles", "app"), { recursive: true })
  await mkdir(join(dir, "runs", "sbom"), { recursive: true })
  for (const [path, packages] of Object.entries(lockfiles))
    await writeFile(join(dir, "lockfiles", path), JSON.stringify({ packages }))
  for (const [name, stdout] of Object.entries(runs)) {
    await mkdir(join(dir, "runs", name))
    await writeFile(join(dir, "runs", name, "stdout"), stdout)
    await writeFile(join(dir, "runs", name, "stderr"), "Scanned file and found 1 package\n")
    await writeFile(join(dir, "runs", name, "exit"), stdout === clean ? "0" : "1")
  }
  const results = readResults({ runs: join(dir, "runs"), lockfiles: join(dir, "lockfiles") }, undefined)
  const named = (name: string) => results.find(result => result.name === name)
  return { dependencies: named("dependencies"), licences: named("licences") }
}

test("an application with a lockfile of its own is looked at by that one, and the repository by its own too", async () => {
  const { dependencies, licences } = await scanned(
    { "app/package-lock.json": locked("left", "GPL-3.0-only"), "package-lock.json": locked("left", "MIT") },
    { "dependencies-app": vulnerable, dependencies: clean },
  )
  expect(dependencies).toMatchObject({
    state: "done",
    findings: [{ place: { subject: "app/package-lock.json" }, broughtBy: ["left@1.0.0"] }],
  })
  expect(licences).toMatchObject({
    extent: "1 shipped packages",
    findings: [{ rule: "licence-GPL-3.0-only", place: { subject: "app/package-lock.json" } }],
  })
})

test("a service without packages has none to look at", async () => {
  const { dependencies, licences } = await scanned(
    { "app/package-lock.json": { "": { name: "own" } }, "package-lock.json": locked("left", "GPL-3.0-only") },
    { dependencies: clean },
  )
  expect(dependencies).toMatchObject({ state: "done", findings: [] })
  expect(licences).toMatchObject({ extent: "0 shipped packages", findings: [] })
})

test("a lockfile with packages that nobody looked at is an error", async () => {
  const { dependencies } = await scanned(
    { "app/package-lock.json": locked("left", "MIT"), "package-lock.json": locked("left", "MIT") },
    { dependencies: clean },
  )
  expect(dependencies?.state).toBe("error")
  expect(dependencies?.reason).toContain("app/package-lock.json")
})
