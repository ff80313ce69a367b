// Runs in a container of the pipeline with plain Node: node main.ts CONTENT.tar BASE.tar DOCKERFILE TARGET LAYOUT
import { readFileSync } from "node:fs"
import { readImage } from "./archive.ts"
import { healthcheckOf } from "./healthcheck.ts"
import { writeLayout } from "./layout.ts"
import { normalise } from "./normalise.ts"

const [, , tarball, base, dockerfile, target, layout] = process.argv
if (!tarball || !base || !dockerfile || !target || !layout)
  throw new Error("usage: main.ts CONTENT.tar BASE.tar DOCKERFILE TARGET LAYOUT")
const healthcheck = healthcheckOf(readFileSync(dockerfile, "utf8"), target)
writeLayout(layout, normalise(readImage(tarball), readImage(base), healthcheck))
