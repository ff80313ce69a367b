import { type Directory, dag, ReturnType } from "@dagger.io/dagger"
import type { Build } from "./build.js"
import { formatArguments } from "./lib/deploy-arguments.js"
import { imageNames } from "./lib/images.js"
import { packages } from "./node.js"

/**
 * Runs the policy over the folder `docker` and the built images.
 *
 * @param format text or json
 * @throws Error with the whole report when a rule is broken
 */
export async function checkPolicy(source: Directory, build: Build, format: string): Promise<string> {
  const images = imageNames.flatMap(name => ["--image", `${name}=/layouts/${name}`])
  // Below the folder with the packages, where Node finds those that the policy imports.
  const ran = packages(source)
    .withMountedDirectory("ci/policy", dag.currentModule().source().directory("policy"))
    .withMountedDirectory("docker", source.directory("docker"))
    .withMountedDirectory("/layouts", build.layouts())
    .withExec(["node", "ci/policy/main.ts", ...images, ...formatArguments(format)], {
      expect: ReturnType.Any,
    })
  const report = (await ran.stdout()).trim()
  if ((await ran.exitCode()) === 0) return report
  throw new Error(report || (await ran.stderr()))
}
