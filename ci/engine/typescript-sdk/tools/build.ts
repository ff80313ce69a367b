import { execFile } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { scan } from "npm:dagger/module/introspector/index.js"
import { describe } from "../lib/describe.ts"
import { bundle } from "./bundle.ts"
import { sourceFiles } from "./files.ts"

// Usage: build NAME CLIENT OUT, in the module's directory. Does all that is the same for every call of the
// module, so that a call is one process that loads one compiled file.

const [name = "", client = "", out = ""] = process.argv.slice(2)

try {
  await main(process.cwd())
} catch (error) {
  // esbuild has printed its own findings already.
  if (!(error instanceof Error && "errors" in error))
    console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function main(moduleDir: string): Promise<void> {
  const files = sourceFiles(moduleDir)
  const outfile = join(out, "module.mjs")
  mkdirSync(out, { recursive: true })
  // The bundler is a process of its own: it works while this one reads the types.
  const library = join(import.meta.dirname, "../lib")
  await Promise.all([bundle({ moduleDir, files, client, library, outfile }), writeDescription(files)])
  await warm(outfile)
}

async function writeDescription(files: string[]): Promise<void> {
  const description = describe(await scan([...files, client], name, false))
  writeFileSync(join(out, "module.json"), JSON.stringify(description))
}

/** Fills Node's compile cache. What fails here fails at the call as well, and is reported there. */
async function warm(outfile: string): Promise<void> {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(out, "cache") }
  await promisify(execFile)(process.execPath, [outfile, "--warm"], { env, timeout: 20_000 }).catch(() => {})
}
