// Judges what the tools left behind: main.ts --runs DIR --request FILE --lockfiles DIR --out DIR
//   [--database DIR] [--exceptions FILE] [--format text|json]
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { ScanError } from "./errors.ts"
import { readExceptions } from "./exceptions-file.ts"
import { report } from "./judgement.ts"
import { type Report, type Request, verdicts } from "./model.ts"
import { verdictFile } from "./report/json.ts"
import { reportText } from "./report/text.ts"
import { writeReport } from "./report/write.ts"

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "/runs" },
    request: { type: "string", default: "/request.json" },
    lockfiles: { type: "string", default: "/lockfiles" },
    out: { type: "string", default: "/out" },
    database: { type: "string" },
    exceptions: { type: "string" },
    format: { type: "string", default: "text" },
  },
})

function made(): Report {
  const now = new Date()
  const text = values.exceptions === undefined ? "" : readFileSync(values.exceptions, "utf8")
  const exceptions = readExceptions(text, now.toISOString().slice(0, 10))
  const request = JSON.parse(readFileSync(values.request, "utf8")) as Request
  const { runs, lockfiles, database } = values
  return report(request, { runs, lockfiles, database, exceptions }, now)
}

function copySboms(): void {
  mkdirSync(join(values.out, "sbom"), { recursive: true })
  for (const name of readdirSync(join(values.runs, "sbom")))
    for (const form of ["cdx", "spdx"])
      copyFileSync(
        join(values.runs, "sbom", name, `bom.${form}.json`),
        join(values.out, "sbom", `${name}.${form}.json`),
      )
}

try {
  const result = made()
  await writeReport(result, values.out)
  copySboms()
  console.log(values.format === "json" ? JSON.stringify(verdictFile(result)) : reportText(result))
  process.exitCode = verdicts[result.verdict]
} catch (error) {
  if (!(error instanceof ScanError)) throw error
  const { code, message, why, todo, evidence } = error
  console.error([`error ${code}: ${message}`, `  why: ${why}`, `  do:  ${todo}`, ...evidence].join("\n"))
  process.exitCode = 64
}
