// Runs in a container of the pipeline: main.ts --from DIR --repository DIR --readiness PATH [--secret NAME]…
import { parseArgs } from "node:util"
import { readNeeds } from "./arguments.ts"
import { InitError } from "./errors.ts"
import { place } from "./place.ts"
import { readService } from "./service.ts"

const { values } = parseArgs({
  options: {
    from: { type: "string", default: "/service" },
    repository: { type: "string", default: "/repository" },
    readiness: { type: "string", default: "/health/ready" },
    secret: { type: "string", multiple: true, default: [] },
  },
})

try {
  const needs = readNeeds(values.readiness, values.secret)
  await place(values.from, values.repository, await readService(values.from), needs)
} catch (error) {
  if (!(error instanceof InitError)) throw error
  const { code, message, why, todo } = error
  console.error(`error ${code}: ${message}\n  why: ${why}\n  do:  ${todo}`)
  process.exitCode = 64
}
