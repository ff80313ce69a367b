import { type ImageDigest, type Statement, statementOf } from "../deployer/evidence/statement.ts"

/** What an image was built from, and by what. */
export interface Origin {
  readonly image: ImageDigest
  readonly commit: string
  /** Whether files differed from the commit's. */
  readonly dirty: boolean
  /** What the backend stands on; undefined for images that have no choice. */
  readonly runtime: string | undefined
  readonly bases: readonly Base[]
  /** Version of the Dagger engine. */
  readonly engine: string
}

interface Base {
  /** As in the Dockerfile: node:24-bookworm-slim. */
  readonly name: string
  /** Who gave it: docker.io, say, or "kit". */
  readonly registry: string
  /** sha256:… */
  readonly digest: string
}

export const provenanceType = "https://slsa.dev/provenance/v1"

/** Names, not addresses: the page that explains them is docs/decisions/0010-evidence.md. */
const names = { build: "urn:lockstep:build:v1", builder: "urn:lockstep:builder:own-engine" } as const

const claim =
  "Built on the engine of whoever called Lockstep, who may also hold the signing key: no SLSA level is claimed. " +
  "What can be checked is the digest: `dagger call verify-image --ref REFERENCE` builds the commit again and compares."

/**
 * How an image came to be, in the form of SLSA's provenance v1. It has no times, so that building the same once more
 * says the same.
 */
export function provenance(origin: Origin): Statement {
  const { image, commit, dirty, runtime, bases, engine } = origin
  const source = { name: "source", digest: { gitCommit: commit }, annotations: { dirty } }
  return statementOf(provenanceType, [image], {
    buildDefinition: {
      buildType: names.build,
      externalParameters: { image: image.name, ...(runtime === undefined ? {} : { runtime }) },
      internalParameters: { daggerEngine: engine },
      resolvedDependencies: [source, ...bases.map(dependency)],
    },
    // Fields of one's own begin with a name and an underscore, by the specification.
    runDetails: { builder: { id: names.builder }, lockstep_claim: claim },
  })
}

function dependency({ name, registry, digest }: Base) {
  return { name, digest: { sha256: digest.replace("sha256:", "") }, annotations: { registry } }
}

/** @returns the commit that a provenance names, with what is to be said of it */
export function sourceIn(predicate: unknown): string | undefined {
  const definition = (predicate as { buildDefinition?: { resolvedDependencies?: unknown } } | null)
    ?.buildDefinition
  const dependencies = definition?.resolvedDependencies
  const source = (Array.isArray(dependencies) ? dependencies : []).find(one => one?.digest?.gitCommit)
  if (!source) return undefined
  const commit = `commit ${String(source.digest.gitCommit).slice(0, 12)}`
  return source.annotations?.dirty ? `${commit}, dirty` : commit
}
