import { type Container, type Directory, dag, type File } from "@dagger.io/dagger"

/** The base of everything that runs Node: the pipeline's steps as well as the images that it builds. */
export const nodeImage = "node:24-bookworm-slim"

/** A container with Node that honours the CA certificates of the machine's own store. */
export function node(): Container {
  return dag.container().from(nodeImage).withEnvVariable("NODE_USE_SYSTEM_CA", "1")
}

/** The repository with its npm packages installed: the lockfile alone decides whether they are installed again. */
export function workspace(source: Directory): Container {
  const manifests = ["package.json", "package-lock.json", ".npmrc"].map(name => source.file(name))
  return install("/work", manifests).withDirectory(".", source)
}

/**
 * A program of the pipeline's own, in its folder below /ci, beside the packages that it imports. Those are the
 * pipeline's: whatever the application's lockfile has, the program runs.
 */
export function program(name: "init" | "policy" | "scanner"): Container {
  const module = dag.currentModule().source()
  const manifests = ["package.json", "package-lock.json"].map(file => module.file(file))
  return install("/ci", manifests).withMountedDirectory(name, module.directory(name))
}

/** npm's packages in a folder. No package's install script runs. */
export function install(dir: string, manifests: File[]): Container {
  return node()
    .withWorkdir(dir)
    .withMountedCache("/root/.npm", dag.cacheVolume("npm"))
    .withFiles(".", manifests)
    .withExec(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"])
}
