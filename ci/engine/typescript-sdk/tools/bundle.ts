import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { basename, dirname, join, relative } from "node:path"
import { pathToFileURL } from "node:url"
import { build, type Plugin } from "esbuild"

export interface Bundle {
  moduleDir: string
  files: string[]
  /** The client generated for this module's dependencies. */
  client: string
  /** The SDK's own library. */
  library: string
  outfile: string
}

/** Makes one file of the module, the client and the SDK. Packages from npm stay where they are installed. */
export async function bundle(options: Bundle): Promise<void> {
  const tsconfig = join(options.moduleDir, "tsconfig.json")
  await build({
    stdin: { contents: entry(options), resolveDir: options.moduleDir, sourcefile: "module.ts", loader: "ts" },
    outfile: options.outfile,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    packages: "external",
    // The SDK finds classes by their names.
    keepNames: true,
    legalComments: "none",
    logLevel: "error",
    ...(existsSync(tsconfig) ? { tsconfig } : {}),
    plugins: [sdk(options), importMeta(options)],
  })
}

function entry({ moduleDir, files, library }: Bundle): string {
  const imports = files.map(file => `import(${JSON.stringify(`./${relative(moduleDir, file)}`)})`)
  return `import { readFileSync } from "node:fs"
import { serve } from ${JSON.stringify(join(library, "call.js"))}
await serve({
  describe: () => JSON.parse(readFileSync(new URL("./module.json", import.meta.url), "utf8")),
  load: () => Promise.all([${imports.join(", ")}]),
})
`
}

/** Leads every import of the SDK to the library, and the library to the generated client. */
function sdk({ moduleDir, client, library }: Bundle): Plugin {
  const sdkDir = join(moduleDir, "sdk")
  return {
    name: "sdk",
    setup({ onResolve }) {
      onResolve({ filter: /^@dagger\.io\/dagger$/ }, () => ({ path: join(library, "index.js") }))
      onResolve({ filter: /^@dagger\.io\/dagger\/telemetry$/ }, () => ({
        path: join(library, "telemetry.js"),
      }))
      onResolve({ filter: /\/client\.gen\.js$/ }, ({ importer }) =>
        dirname(importer) === library ? { path: client } : undefined,
      )
      // The client is loaded before the rest of the library, which needs it.
      onResolve({ filter: /^\.\/core\.js$/ }, ({ importer }) =>
        importer === client ? { path: join(library, "context.js") } : undefined,
      )
      // What the module itself has in sdk/ is for its author's editor, and may be older than this engine.
      onResolve({ filter: /\/sdk(\/(index|core|client\.gen)(\.[jt]s)?)?$/ }, ({ path, resolveDir }) =>
        join(resolveDir, path).startsWith(sdkDir) ? { path: join(library, "index.js") } : undefined,
      )
    },
  }
}

/** A bundled file keeps its own address, so that what it reads from beside itself is found. */
function importMeta({ moduleDir }: Bundle): Plugin {
  return {
    name: "import-meta",
    setup({ onLoad }) {
      onLoad({ filter: /\.m?ts$/ }, async ({ path }) => {
        if (!path.startsWith(join(moduleDir, "src"))) return undefined
        const source = await readFile(path, "utf8")
        if (!/\bimport\.meta\.(url|dirname|filename)\b/.test(source)) return undefined
        return { contents: withOwnAddress(source, path), loader: "ts" }
      })
    },
  }
}

function withOwnAddress(source: string, path: string): string {
  const name = `address_of_${basename(path).replace(/\W/g, "_")}`
  const address = { url: pathToFileURL(path).href, dirname: dirname(path), filename: path }
  const used = source.replace(/\bimport\.meta\.(url|dirname|filename)\b/g, `${name}.$1`)
  return `const ${name} = ${JSON.stringify(address)};${used}`
}
