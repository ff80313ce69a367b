import { type Changeset, type Directory, dag, type GitRef } from "@dagger.io/dagger"
import { deployerError, errorText } from "./lib/failure.js"
import { ignoredByInit } from "./lib/source-files.js"
import { program } from "./node.js"
import { explaining } from "./tools.js"
import { changesSince } from "./working-tree.js"

/** What a service is, and where it goes. */
export interface Placement {
  /** The service's folder. */
  from: Directory
  /** The repository's files that may change, and the commit that has them. */
  tree: Directory
  commit: GitRef
  /** The path that answers 200 when the service may receive requests. */
  readiness: string
  secretNames: string[]
}

/**
 * Puts a service in place of the application.
 *
 * @throws Error when the service cannot be taken, or when the repository has changes that are in no commit
 */
export async function initApp(placement: Placement): Promise<Changeset> {
  const { from, tree, commit, readiness, secretNames } = placement
  if (await tree.exists("app/package.json")) throw new Error(doneAlready())
  const changes = await changesSince(commit, tree, ignoredByInit)
  if (changes.length > 0) throw new Error(uncommitted(changes))
  const secrets = secretNames.flatMap(name => ["--secret", name])
  const placed = program("init")
    .withMountedDirectory("/service", from.filter({ gitignore: true }))
    .withDirectory("/repository", tree)
    .withExec(["node", "init/main.ts", "--readiness", readiness, ...secrets])
  await explaining(
    () => placed.sync(),
    error => deployerError(error.stderr),
  )
  // The engine compares only folders that are roots of their own.
  return dag.directory().withDirectory("/", placed.directory("/repository")).changes(tree)
}

function doneAlready(): string {
  return errorText(
    "INIT_DONE",
    "app/ is a service of its own already",
    "it has a package.json: init-app has been here",
    "edit the service in app/; to take another one, first go back to the commit before (git log -- app/package.json)",
  )
}

function uncommitted(changes: string[]): string {
  const [first = "", ...others] = changes
  const more = others.length > 0 ? ` and ${others.length} more` : ""
  return errorText(
    "INIT_UNCOMMITTED",
    `${first}${more}: changed, and in no commit`,
    "init-app replaces files, and what no commit has would be gone",
    "commit or stash your changes (git status shows them), then run the same command again",
  )
}
