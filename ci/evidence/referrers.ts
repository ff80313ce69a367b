import { type Descriptor, indexType } from "./descriptor.ts"

/** The list of what refers to an image; others may have written more into it. */
export interface Index {
  readonly schemaVersion: 2
  readonly mediaType: string
  readonly manifests: readonly Descriptor[]
}

/** Under which a registry without the API for it has the list: a tag, by the rule of OCI's distribution specification. */
export function fallbackTag(digest: string): string {
  return digest.replace(":", "-")
}

/**
 * The list with these entries in it, and every other one as it was.
 *
 * @returns undefined when nothing is to be added
 */
export function merged(list: Index | undefined, entries: readonly Descriptor[]): Index | undefined {
  const known = new Set(list?.manifests.map(({ digest }) => digest))
  const added = entries.filter(({ digest }) => !known.has(digest))
  if (added.length === 0) return undefined
  return {
    schemaVersion: 2,
    mediaType: indexType,
    ...list,
    manifests: [...(list?.manifests ?? []), ...added],
  }
}
