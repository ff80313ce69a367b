import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { execa } from "execa"

/** Where package.json and package-lock.json say what Lockstep is measured against. */
export const benchFolder = fileURLToPath(new URL(".", import.meta.url))

/** Installs what the benchmarks compare with, unless it is there; their lockfile says which versions. */
export async function installCompetitors(): Promise<void> {
  if (existsSync(`${benchFolder}node_modules/.package-lock.json`)) return
  await execa("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: benchFolder })
}

/** Makes one plain file of a program, as the image has it, so that nothing but the program is measured. */
export async function bundle(program: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [`${benchFolder}${program}`],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
  })
}
