import { type Directory, type GitRef } from "@dagger.io/dagger"
import { differingFiles } from "./lib/differences.js"
import { ignoredFiles } from "./lib/source-files.js"
import { node } from "./node.js"

/** The files of a commit that the pipeline reads: the same selection as the constructor's of the files on disk. */
export function filesOf(commit: GitRef, ignored: string[] = ignoredFiles): Directory {
  return commit.tree({ discardGitDir: true }).filter({ exclude: ignored })
}

/**
 * Compares names and content. Modes and times differ from one checkout to the next, and the build fixes them; files
 * that git ignores or does not know count, because the build takes them too.
 *
 * @param ignored what is left out of the sources
 * @returns the files in which the sources differ from the commit's
 */
export async function changesSince(
  commit: GitRef,
  source: Directory,
  ignored: string[] = ignoredFiles,
): Promise<string[]> {
  const compared = node()
    .withMountedDirectory("/commit", filesOf(commit, ignored))
    .withMountedDirectory("/disk", source)
    // diff ends with 1 when it has found differences, with 2 when it could not compare.
    .withExec(["sh", "-c", "diff -rq --no-dereference /commit /disk || [ $? = 1 ]"])
  return differingFiles(await compared.stdout())
}
