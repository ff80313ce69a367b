import { environmentNamed, environments } from "../../deployer/environments.js"
import { inOwnWords } from "./own-words.js"

/** One line an environment: name, the host's port, and how releases get there. */
export function environmentTable(): string {
  const rows = Object.values(environments).map(({ name, port, deployable }) =>
    [name.padEnd(12), String(port).padEnd(6), deployable ? "deploy" : "promotion from staging"].join(""),
  )
  return ["ENVIRONMENT PORT  RELEASES BY", ...rows].join("\n")
}

/** @throws Error with the deployer's own words when there is no such environment */
export function knownEnvironment(name: string): string {
  return inOwnWords(() => environmentNamed(name).name)
}

/** What the application calls an environment, as in app/config/NAME.env. */
export function appEnvironment(env: string): string {
  return environmentNamed(env).appEnv
}

/** Whether releases get there by promotion only. */
export function needsPromotion(env: string): boolean {
  return !environmentNamed(env).deployable
}
