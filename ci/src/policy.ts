import { type Container, type Directory, ReturnType } from "@dagger.io/dagger"
import type { Build } from "./build.js"
import { formatArguments } from "./lib/deploy-arguments.js"
import { program } from "./node.js"

/** Checks what `policyContainer` has mounted. */
export function policyCommand(build: Build): string[] {
  const images = build.images().flatMap(({ name }) => ["--image", `${name}=/layouts/${name}`])
  return ["node", "policy/main.ts", ...images]
}

/** The policy with the folder `docker` and the built images, each where it is: a folder with all would be a copy. */
export function policyContainer(source: Directory, build: Build): Container {
  const policy = program("policy").withMountedDirectory("docker", source.directory("docker"))
  return build
    .images()
    .reduce(
      (container, { name, layout }) => container.withMountedDirectory(`/layouts/${name}`, layout),
      policy,
    )
}

/**
 * Runs the policy over the folder `docker` and the built images.
 *
 * @param format text or json
 * @throws Error with the whole report when a rule is broken
 */
export async function checkPolicy(source: Directory, build: Build, format: string): Promise<string> {
  const ran = policyContainer(source, build).withExec([...policyCommand(build), ...formatArguments(format)], {
    expect: ReturnType.Any,
  })
  const report = (await ran.stdout()).trim()
  if ((await ran.exitCode()) === 0) return report
  throw new Error(report || (await ran.stderr()))
}
