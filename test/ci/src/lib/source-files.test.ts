import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { ignoredByInit, ignoredFiles } from "../../../../ci/src/lib/source-files.ts"

test("a commit's files are chosen by the same lists as the constructor's and init-app's", () => {
  const lists = readFileSync("ci/src/index.ts", "utf8").matchAll(/ignore: (\[\s*"\*",[^\]]*\])/g)
  const parsed = [...lists].map(([, list = ""]) => JSON.parse(list.replace(/,\s*\]$/, "]")))
  expect(parsed).toEqual([ignoredFiles, ignoredByInit])
})
