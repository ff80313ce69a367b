import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"

/** Every source file of the module, in an order that does not depend on the file system. */
export function sourceFiles(moduleDir: string): string[] {
  const sources = join(moduleDir, "src")
  if (!existsSync(sources)) throw new Error(`this module has no sources: ${sources} does not exist`)
  return readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.m?ts$/.test(entry.name) && !/\.d\.m?ts$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}
