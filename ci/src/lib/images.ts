import { errorText } from "./failure.js"

/**
 * The images of a release. The edge's names no commit, so that it stays the same while the application changes. There
 * need be no frontend: a backend may answer for everything.
 */
export const imageNames = ["backend", "frontend", "edge"] as const
export type ImageName = (typeof imageNames)[number]

/** What the backend's image stands on: Debian with npm and a shell, or glibc, CA certificates and Node alone. */
export const runtimes = ["slim", "minimal"] as const
export type Runtime = (typeof runtimes)[number]

/** Where an image's configuration says what it is; the first two are the OCI specification's own names. */
export const labels = {
  title: "org.opencontainers.image.title",
  revision: "org.opencontainers.image.revision",
  runtime: "io.lockstep.backend-runtime",
} as const

/** The stages that every Dockerfile has: production, which is deployed, is base with content laid over it. */
export const stages = { base: "base", content: "content", production: "production" } as const

export function dockerfileOf(name: ImageName): string {
  return `docker/Dockerfile.${name}`
}

/** An image's repository in the registry. */
export function repositoryOf(name: ImageName): string {
  return `lockstep/${name}`
}

/** @throws Error BUILD_UNKNOWN_RUNTIME */
export function knownRuntime(name: string): Runtime {
  const known = runtimes.find(runtime => runtime === name)
  if (known) return known
  throw new Error(
    errorText(
      "BUILD_UNKNOWN_RUNTIME",
      `there is no runtime "${name}" for the backend`,
      `docker/Dockerfile.backend has the stages ${runtimes.join(" and ")} for it`,
      `give one of them as --backend-runtime, or as BACKENDRUNTIME in .env: ${runtimes.join(", ")}`,
    ),
  )
}
