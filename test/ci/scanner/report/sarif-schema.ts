import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import draft4 from "ajv-draft-04"
import formats from "ajv-formats"

const require = createRequire(import.meta.url)

/** The schema of SARIF 2.1.0 (as of RTM 5, which the standard took over), as Microsoft ships it for its own tests. */
const file = require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json")

// One of its patterns is no expression for Unicode.
const ajv = new draft4.default({ strict: false, allErrors: true, unicodeRegExp: false })
formats.default(ajv)
const validate = ajv.compile(JSON.parse(readFileSync(file, "utf8")))

/** What is wrong with a log; nothing if it is a SARIF log. */
export function schemaErrors(log: unknown): string[] {
  validate(log)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}
