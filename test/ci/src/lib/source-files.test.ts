import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { ignoredFiles } from "../../../../ci/src/lib/source-files.ts"

test("a commit's files are chosen by the same list as the constructor's", () => {
  const list = /ignore: (\[[^\]]*\])/.exec(readFileSync("ci/src/index.ts", "utf8"))?.[1] ?? ""
  expect(JSON.parse(list.replace(/,\s*\]$/, "]"))).toEqual(ignoredFiles)
})
