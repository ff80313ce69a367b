/**
 * The files in which two folders differ, from what `diff -rq /commit /disk` printed. A folder that only one of them
 * has is named, and not what is in it.
 *
 * @returns their paths below the folders, sorted
 */
export function differingFiles(printed: string): string[] {
  const lines = printed.split("\n").filter(Boolean)
  return lines.map(pathIn).sort()
}

function pathIn(line: string): string {
  const [, folder = "", name] = /^Only in \/(?:commit|disk)(\/.*?)?: (.+)$/.exec(line) ?? []
  if (name) return `${folder}/${name}`.slice(1)
  const changed = /^(?:Files|Symbolic links) \/commit\/(.+) and \/disk\/\1 differ$/.exec(line)
  const otherKind = /^File \/commit\/(.+) is an? .+ while file \/disk\/\1 is an? .+$/.exec(line)
  return changed?.[1] ?? otherKind?.[1] ?? line
}

/** Behind a commit: the files were not, or not all, those of that commit. */
export const dirtyMark = "-dirty"

/** What images name as their commit. */
export function revisionOf(commit: string, changes: readonly string[]): string {
  return changes.length > 0 ? `${commit}${dirtyMark}` : commit
}

/** What a build comes to, as far as people are told. */
export interface Summary {
  images: readonly { name: string; digest: string }[]
  commit: string
  /** The files that are not as in the commit. */
  changes: readonly string[]
  /** The base images that are not as in the lock, in words. */
  bases: readonly string[]
}

/** What `build` prints for people: the digests, why the images are marked dirty if they are, and unexpected bases. */
export function buildSummary({ images, commit, changes, bases }: Summary): string {
  const digests = images.map(({ name, digest }) => row(name, digest))
  const [first, ...others] = changes
  const more = others.length > 0 ? ` and ${others.length} more` : ""
  const dirty =
    first === undefined ? [] : [row("dirty", `not as in commit ${commit.slice(0, 12)}: ${first}${more}`)]
  return [...digests, ...dirty, ...bases.map(words => row("base", words))].join("\n")
}

function row(name: string, words: string): string {
  return `${name.padEnd(9)} ${words}`
}
