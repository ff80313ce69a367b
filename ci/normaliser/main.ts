// Runs in a container of the pipeline with plain Node: node main.ts IMAGE.tar LAYOUT DOCKERFILE TARGET
import { execFileSync } from "node:child_process"
import { mkdirSync, readFileSync } from "node:fs"
import { healthcheckOf } from "./healthcheck.ts"
import { normaliseLayout } from "./normalise.ts"

const [, , tarball, layout, dockerfile, target] = process.argv
if (!tarball || !layout || !dockerfile || !target)
  throw new Error("usage: main.ts IMAGE.tar LAYOUT DOCKERFILE TARGET")
mkdirSync(layout, { recursive: true })
execFileSync("tar", ["-xf", tarball, "-C", layout])
const digest = normaliseLayout(layout, healthcheckOf(readFileSync(dockerfile, "utf8"), target))
process.stdout.write(`${digest}\n`)
