import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { isRecent } from "../../../../ci/engine/steps/compose.ts"
import { versions } from "../../../../ci/engine/versions.ts"

const goMod = readFileSync("ci/engine/compose/go.mod", "utf8")

test.each([
  ["2.0.0", true],
  ["v5.5.1", true],
  ["10.1.0", true],
  ["1.29.2", false],
  ["", false],
  [undefined, false],
])("Compose %s will do: %s", (version, enough) => {
  expect(isRecent(version)).toBe(enough)
})

test.each([
  ["github.com/docker/compose/v5", versions.compose],
  ["github.com/docker/buildx", versions.buildx],
])("go.mod has %s in the version that the program calls itself: %s", (module, version) => {
  expect(new RegExp(`^\\t${module} v(\\S+)`, "m").exec(goMod)?.[1]).toBe(version)
})
