import { type Directory, dag, ReturnType } from "@dagger.io/dagger"
import type { Build } from "./build.js"
import { formatArguments } from "./lib/deploy-arguments.js"
import { packages } from "./node.js"

/**
 * Runs the policy over the folder `docker` and a built backend.
 *
 * @param format text or json
 * @throws Error with the whole report when a rule is broken
 */
export async function checkPolicy(source: Directory, build: Build, format: string): Promise<string> {
  // Below the folder with the packages, where Node finds those that the policy imports.
  const ran = packages(source)
    .withMountedDirectory("ci/policy", dag.currentModule().source().directory("policy"))
    .withMountedDirectory("docker", source.directory("docker"))
    .withMountedDirectory("/layout", build.layout)
    .withExec(["node", "ci/policy/main.ts", "--image", "backend=/layout", ...formatArguments(format)], {
      expect: ReturnType.Any,
    })
  const report = (await ran.stdout()).trim()
  if ((await ran.exitCode()) === 0) return report
  throw new Error(report || (await ran.stderr()))
}
