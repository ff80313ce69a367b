import type { Service } from "./docker/model.ts"
import { labels, type Target } from "./environments.ts"
import { DeployError } from "./errors.ts"

/** Refuses a stack of our name that somebody else made. */
export function insistOnOurs(services: readonly Service[], { environment, stack }: Target): void {
  const foreign = services.filter(service => service.labels[labels.env] !== environment.name)
  if (foreign.length === 0) return
  throw foreignStack(
    { environment, stack },
    "services",
    foreign.map(service => service.name),
  )
}

/** @param kind of what is somebody else's: services, networks */
export function foreignStack(
  { environment, stack }: Target,
  kind: string,
  names: readonly string[],
): DeployError {
  return new DeployError("DEPLOY_FOREIGN_STACK", `the stack ${stack} is not ours`, {
    why: `these ${kind} lack the label ${labels.env}=${environment.name}: ${names.join(", ")}`,
    todo: "choose another project (--project, or PROJECT in .env), or remove that stack by hand",
  })
}
