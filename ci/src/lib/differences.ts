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

/** What `build` prints for people: the digest, and why the image is marked dirty if it is. */
export function buildSummary(built: { digest: string; commit: string; changes: string[] }): string {
  const [first, ...others] = built.changes
  const digest = `backend ${built.digest}`
  if (first === undefined) return digest
  const more = others.length > 0 ? ` and ${others.length} more` : ""
  return `${digest}\n${dirtyMark.slice(1)}   not as in commit ${built.commit.slice(0, 12)}: ${first}${more}`
}
