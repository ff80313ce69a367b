import type { Service } from "./docker/model.ts"
import type { Target } from "./environments.ts"
import { DeployError } from "./errors.ts"

/** As the stack file calls it. */
export function shortName({ name }: Pick<Service, "name">, { stack }: Pick<Target, "stack">): string {
  return name.startsWith(`${stack}_`) ? name.slice(stack.length + 1) : name
}

/**
 * The services of that name; all without one.
 *
 * @throws DeployError DEPLOY_NO_SERVICE when that is none
 */
export function chooseServices(
  services: readonly Service[],
  target: Target,
  name: string | undefined,
): Service[] {
  const chosen = services.filter(service => name === undefined || shortName(service, target) === name)
  if (chosen.length > 0) return chosen
  const known = services.map(service => shortName(service, target)).join(", ")
  throw new DeployError("DEPLOY_NO_SERVICE", name ? `there is no service ${name}` : "nothing runs", {
    why: known ? `${target.stack} has ${known}` : `${target.stack} is not deployed`,
    todo: known ? "give --service one of these, or leave it out for all" : "use `start`, or deploy",
  })
}
