import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { writeReport } from "../../../../ci/scanner/report/write.ts"
import { samples } from "./samples.ts"
import { schemaErrors } from "./sarif-schema.ts"

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "scan-report-"))
})
afterEach(() => rm(folder, { recursive: true }))

const common = ["index.html", "verdict.json"]
const tools = ["actionlint", "apt", "gitleaks", "hadolint", "lockstep-contents", "lockstep-licences"]
const others = [...tools, "lockstep-policy", "zizmor"]

function sarif(names: readonly string[]): string[] {
  return names.map(name => `sarif/${name}.sarif`)
}

async function listed(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

test.each([
  ["clean", [...common, ...sarif([...others, "osv-scanner"])]],
  ["findings", [...common, "openvex.json", ...sarif([...others, "osv-scanner"])]],
  ["noDatabase", [...common, ...sarif(others)]],
  ["toolError", [...common, ...sarif(others)]],
] as const)("%s: what can be said is written, and nothing else", async (name, files) => {
  const written = await writeReport(samples[name], folder)
  expect(written.sort()).toEqual([...files].sort())
  expect(await listed()).toEqual([...files].sort())
})

test("each SARIF file keeps to the schema", async () => {
  for (const name of await writeReport(samples.findings, folder))
    if (name.endsWith(".sarif"))
      expect(schemaErrors(JSON.parse(await readFile(join(folder, name), "utf8")))).toEqual([])
})

test("an earlier scan's SARIF and OpenVEX do not outlive a scan that has none, and other files stay", async () => {
  await writeReport(samples.findings, folder)
  await writeFile(join(folder, "sbom.cdx.json"), "{}")
  await writeReport(samples.toolError, folder)
  const files = await listed()
  expect(files).not.toContain("sarif/osv-scanner.sarif")
  expect(files).not.toContain("openvex.json")
  expect(files).toContain("sbom.cdx.json")
})
