import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { sbomStatements } from "../../../ci/evidence/sbom.ts"

const images = ["backend", "edge"].map((name, index) => ({
  name,
  digest: `sha256:${String(index).repeat(64)}`,
}))
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-sbom-"))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

it("states each document that is there of the image that it is named after", async () => {
  await writeFile(join(folder, "backend.cyclonedx.json"), '{"bomFormat":"CycloneDX"}')
  await writeFile(join(folder, "edge.spdx.json"), '{"spdxVersion":"SPDX-2.3"}')
  await writeFile(join(folder, "README.md"), "")
  const statements = await sbomStatements(folder, images)
  expect(
    statements.map(({ subject, predicateType, predicate }) => [subject[0]?.name, predicateType, predicate]),
  ).toEqual([
    ["backend", "https://cyclonedx.org/bom", { bomFormat: "CycloneDX" }],
    ["edge", "https://spdx.dev/Document", { spdxVersion: "SPDX-2.3" }],
  ])
})

it("names a document that is no JSON", async () => {
  await writeFile(join(folder, "edge.spdx.json"), "<xml>")
  await expect(sbomStatements(folder, images)).rejects.toThrow("edge.spdx.json is not JSON")
})
