import { cp, lutimes, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { execa } from "execa"
import { bundleLibrary, bundleTools } from "./library.ts"

export interface AssembleOptions {
  /** Receives the file tree; must not exist or be empty. */
  outDir: string
  /** The engine's code generator (cmd/codegen), built for the engine's platform. */
  codegenBinary: string
}

/**
 * Makes the file tree that the engine knows as its TypeScript SDK. Equal inputs make equal trees.
 *
 *     runtime/   the Go module that the engine loads
 *     bin/       the code generator
 *     tools/     what builds a module, inside the engine
 *     lib/       what is bundled into a module
 *     sdk/       what a module's author gets for the editor
 *     template/  what a new module starts from
 */
export async function assembleTypescriptSdk({ outDir, codegenBinary }: AssembleOptions): Promise<void> {
  const staging = await mkdtemp(join(tmpdir(), "typescript-sdk-"))
  try {
    await stage(staging)
    await mkdir(outDir, { recursive: true })
    await bundleLibrary(staging, outDir)
    await bundleTools(staging, outDir)
    await copyContent(staging, outDir, codegenBinary)
    await resetTimes(outDir)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/** The sources next to the packages that they import, so that no path of this machine gets into a bundle. */
async function stage(staging: string): Promise<void> {
  for (const name of ["package.json", "package-lock.json", "lib", "tools"]) {
    await cp(join(import.meta.dirname, name), join(staging, name), { recursive: true })
  }
  await execa("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: staging })
}

async function copyContent(staging: string, outDir: string, codegenBinary: string): Promise<void> {
  const packages = join(staging, "node_modules")
  const toolPackages = join(outDir, "tools/node_modules")
  for (const name of ["runtime", "template"]) {
    await cp(join(import.meta.dirname, name), join(outDir, name), { recursive: true })
  }
  await cp(codegenBinary, join(outDir, "bin/codegen"))
  await cp(join(packages, "esbuild"), join(toolPackages, "esbuild"), { recursive: true })
  await cp(join(packages, "@esbuild"), join(toolPackages, "@esbuild"), { recursive: true })
  await cp(join(packages, "typescript"), join(toolPackages, "typescript"), {
    recursive: true,
    filter: isCompiler,
  })
  await cp(join(import.meta.dirname, "lib/core.public.d.ts"), join(outDir, "sdk/core.d.ts"))
  await writeFile(
    join(outDir, "sdk/index.ts"),
    `export * from "./core.js"\nexport * from "./client.gen.js"\n`,
  )
  await writeFile(join(outDir, "sdk/telemetry.ts"), `export { getTracer } from "./core.js"\n`)
}

/** The compiler's API and the types of its standard library; not the command line, editor service and translations. */
function isCompiler(path: string): boolean {
  const [, inside = ""] = path.split(/node_modules\/typescript\/?/)
  if (["", "lib", "package.json", "LICENSE.txt", "ThirdPartyNoticeText.txt"].includes(inside)) return true
  return inside === "lib/typescript.js" || basename(inside).startsWith("lib.")
}

async function resetTimes(dir: string): Promise<void> {
  const epoch = new Date(0)
  for (const name of await readdir(dir, { recursive: true })) await lutimes(join(dir, name), epoch, epoch)
  await lutimes(dir, epoch, epoch)
}
