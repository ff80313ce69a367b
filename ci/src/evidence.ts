import { type Directory, dag, type File } from "@dagger.io/dagger"
import { passed, requiredChecks } from "../deployer/evidence/statement.js"
import { checkApp } from "./app-tests.js"
import type { Build } from "./build.js"
import { checkPolicy } from "./policy.js"

/** How each of the checks is done; each throws when it is not passed. */
const checks: Record<(typeof requiredChecks)[number], (source: Directory, build: Build) => Promise<unknown>> =
  {
    test: checkApp,
    policy: (source, build) => checkPolicy(source, build, "text"),
  }

/**
 * Does every check that production asks for, and writes down that the images of this build passed it.
 *
 * @returns a file with a list of statements, as JSON
 * @throws Error of the first check that is not passed
 */
export async function gatherEvidence(source: Directory, build: Build): Promise<File> {
  const { commit, dirty } = build
  const images = [build.backend, build.frontend, build.edge].map(({ name, digest }) => ({ name, digest }))
  const statements = requiredChecks.map(async check => {
    await checks[check](source, build)
    return passed({ check, images, commit, dirty, at: new Date() })
  })
  const text = JSON.stringify(await Promise.all(statements))
  return dag.directory().withNewFile("evidence.json", text).file("evidence.json")
}
