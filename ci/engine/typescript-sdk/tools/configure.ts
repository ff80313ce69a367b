import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { convertToPascalCase } from "npm:dagger/module/introspector/case_convertor.js"

// Usage: configure NAME, in the module's directory. Writes what a module must have and does not have yet.

const SDK_PATHS = {
  "@dagger.io/dagger": ["./sdk/index.ts"],
  "@dagger.io/dagger/telemetry": ["./sdk/telemetry.ts"],
}

type Json = Record<string, unknown>

const [name = "module"] = process.argv.slice(2)

if (!existsSync("src")) {
  mkdirSync("src")
  const template = readFileSync(join(import.meta.dirname, "../template/index.ts.txt"), "utf8")
  writeFileSync("src/index.ts", template.replaceAll("CLASS_NAME", convertToPascalCase(name)))
}
update("package.json", configurePackage)
update("tsconfig.json", configureTypeScript)

function configurePackage(file: Json): Json {
  return { ...file, type: "module", dependencies: { typescript: "5.9.3", ...object(file.dependencies) } }
}

function configureTypeScript(file: Json): Json {
  const options = object(file.compilerOptions)
  const defaults = { target: "ES2022", moduleResolution: "Node", strict: true, skipLibCheck: true }
  const paths = { ...object(options.paths), ...SDK_PATHS }
  return { ...file, compilerOptions: { ...defaults, ...options, experimentalDecorators: true, paths } }
}

/** A file that says what it should keeps its author's formatting, and so does one with comments. */
function update(file: string, change: (content: Json) => Json): void {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "{}"
  const content = parse(text)
  if (!content) {
    console.warn(`${file} is not plain JSON: left as it is`)
    return
  }
  const changed = change(content)
  if (JSON.stringify(changed) !== JSON.stringify(content))
    writeFileSync(file, `${JSON.stringify(changed, null, 2)}\n`)
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {}
}
