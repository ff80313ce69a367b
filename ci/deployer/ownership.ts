import type { Service } from "./docker/model.ts"
import { labels, type Target } from "./environments.ts"
import { DeployError } from "./errors.ts"

/** Refuses a stack of our name that somebody else made. */
export function insistOnOurs(services: readonly Service[], { environment, stack }: Target): void {
  const foreign = services.filter(service => service.labels[labels.env] !== environment.name)
  if (foreign.length === 0) return
  const names = foreign.map(service => service.name).join(", ")
  throw new DeployError("DEPLOY_FOREIGN_STACK", `the stack ${stack} is not ours`, {
    why: `these services lack the label ${labels.env}=${environment.name}: ${names}`,
    todo: "choose another project (--project, or PROJECT in .env), or remove that stack by hand",
  })
}
