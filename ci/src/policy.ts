import { type Container, type Directory, ReturnType } from "@dagger.io/dagger"
import type { Build } from "./build.js"
import { formatArguments } from "./lib/deploy-arguments.js"
import { imageNames } from "./lib/images.js"
import { program } from "./node.js"

/** Checks what `policyContainer` has mounted. */
export const policyCommand = [
  ...["node", "policy/main.ts"],
  ...imageNames.flatMap(name => ["--image", `${name}=/layouts/${name}`]),
]

/** The policy with the folder `docker` and the built images. */
export function policyContainer(source: Directory, build: Build): Container {
  return program("policy")
    .withMountedDirectory("docker", source.directory("docker"))
    .withMountedDirectory("/layouts", build.layouts())
}

/**
 * Runs the policy over the folder `docker` and the built images.
 *
 * @param format text or json
 * @throws Error with the whole report when a rule is broken
 */
export async function checkPolicy(source: Directory, build: Build, format: string): Promise<string> {
  const ran = policyContainer(source, build).withExec([...policyCommand, ...formatArguments(format)], {
    expect: ReturnType.Any,
  })
  const report = (await ran.stdout()).trim()
  if ((await ran.exitCode()) === 0) return report
  throw new Error(report || (await ran.stderr()))
}
