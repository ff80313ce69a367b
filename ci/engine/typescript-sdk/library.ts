import { writeFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { type BuildOptions, build, type Plugin } from "esbuild"

/** Splits the library so that a module's bundle takes from it only what the module uses. */
export async function bundleLibrary(staging: string, outDir: string): Promise<void> {
  const names = ["call", "context", "core", "telemetry"]
  const entryPoints = names.map(name => `lib/${name}.ts`)
  const library = { ...common(staging), plugins: [sdkSources(staging, "external")] }
  await build({ ...library, entryPoints, outdir: join(outDir, "lib"), outbase: "lib", splitting: true })
  await writeFile(
    join(outDir, "lib/index.js"),
    `export * from "./core.js"\nexport * from "./client.gen.js"\n`,
  )
  // Lets the bundler leave out what is not imported by name.
  await writeFile(join(outDir, "lib/package.json"), `{ "type": "module", "sideEffects": false }\n`)
  const plugins = [editorTelemetry(staging), ...library.plugins]
  await build({ ...library, plugins, entryPoints: ["lib/core.ts"], outfile: join(outDir, "sdk/core.js") })
}

/** The programs that run inside the engine when a module is built; the compiler and the bundler stay packages. */
export async function bundleTools(staging: string, outDir: string): Promise<void> {
  await build({
    ...common(staging),
    entryPoints: ["build", "configure", "install"].map(name => `tools/${name}.ts`),
    outdir: join(outDir, "tools"),
    outbase: "tools",
    external: ["typescript", "esbuild"],
    plugins: [sdkSources(staging, "npm")],
  })
  await writeFile(join(outDir, "tools/package.json"), `{ "type": "module" }\n`)
}

function common(staging: string): BuildOptions {
  return {
    absWorkingDir: staging,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    keepNames: true,
    logLevel: "warning",
    // CommonJS packages inside an ES module still need their require.
    banner: {
      js: `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`,
    },
  }
}

/** Where the library's imports of the SDK's parts lead: `npm:dagger/…` to the package, some parts to our own. */
function sdkSources(staging: string, client: "external" | "npm"): Plugin {
  const npm = join(staging, "node_modules/@dagger.io/dagger/dist/src")
  const ours = (name: string) => ({ path: join(staging, "lib", name) })
  return {
    name: "sdk-sources",
    setup({ onResolve }) {
      onResolve({ filter: /^npm:dagger\// }, ({ path }) => ({
        path: join(npm, path.slice("npm:dagger/".length)),
      }))
      onResolve({ filter: /^graphql-request$/ }, () => ours("graphql.ts"))
      onResolve({ filter: /^node-color-log$/ }, () => ours("color-log.ts"))
      if (client === "npm") return
      onResolve({ filter: /^generated:client$|\/client\.gen\.js$/ }, () => ({
        path: "./client.gen.js",
        external: true,
      }))
      // A call knows the module from its description; the scanner's classes would bring the compiler along.
      onResolve({ filter: /\/introspector\/dagger_module\/index\.js$/ }, ({ importer }) =>
        basename(dirname(importer)) === "entrypoint" ? ours("model.ts") : undefined,
      )
    },
  }
}

/** What a module's author has beside the sources is read by an editor, and run by unit tests at most. */
function editorTelemetry(staging: string): Plugin {
  return {
    name: "editor-telemetry",
    setup({ onResolve }) {
      onResolve({ filter: /^\.\/telemetry\.ts$/ }, () => ({ path: join(staging, "lib/tracer.ts") }))
    },
  }
}
