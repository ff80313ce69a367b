import { type Container, type Directory, dag } from "@dagger.io/dagger"

/** The base of everything that runs Node: the pipeline's steps as well as the images that it builds. */
export const nodeImage = "node:24-bookworm-slim"

/** A container with Node that honours the CA certificates of the machine's own store. */
export function node(): Container {
  return dag.container().from(nodeImage).withEnvVariable("NODE_USE_SYSTEM_CA", "1")
}

/** The repository with its npm packages installed. */
export function workspace(source: Directory): Container {
  return packages(source).withDirectory(".", source)
}

/**
 * The repository's npm packages without its sources: the lockfile alone decides whether they are installed again.
 */
export function packages(source: Directory): Container {
  const manifests = ["package.json", "package-lock.json", ".npmrc"].map(name => source.file(name))
  return node()
    .withWorkdir("/work")
    .withMountedCache("/root/.npm", dag.cacheVolume("npm"))
    .withFiles(".", manifests)
    .withExec(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"])
}
