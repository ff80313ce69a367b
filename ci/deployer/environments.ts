import { DeployError } from "./errors.ts"

export interface Environment {
  readonly name: EnvironmentName
  /** What the application calls it (APP_ENV). */
  readonly appEnv: string
  readonly port: number
  /** Whether `deploy` takes any image; otherwise a release gets there by promotion only. */
  readonly deployable: boolean
}

export type EnvironmentName = "staging" | "prod"

export const environments: Record<EnvironmentName, Environment> = {
  staging: { name: "staging", appEnv: "staging", port: 8080, deployable: true },
  prod: { name: "prod", appEnv: "production", port: 80, deployable: false },
}

export function environmentNamed(name: string | undefined): Environment {
  const known = Object.keys(environments).join(", ")
  if (name !== undefined && Object.hasOwn(environments, name)) return environments[name as EnvironmentName]
  throw new DeployError(
    "DEPLOY_UNKNOWN_ENV",
    name ? `unknown environment ${JSON.stringify(name)}` : "no environment",
    {
      why: name ? "only the environments of ci/deployer/environments.ts exist" : "--env was not given",
      todo: `give --env one of: ${known}`,
      outcome: "usage",
    },
  )
}

/** @throws DeployError DEPLOY_NEEDS_PROMOTION where releases do not come by `deploy` */
export function requireDeployable(environment: Environment): void {
  if (environment.deployable) return
  throw new DeployError("DEPLOY_NEEDS_PROMOTION", `${environment.name} takes no image directly`, {
    why: "production runs only what staging runs, tested and checked",
    todo: "deploy to staging, then promote: dagger call production",
  })
}

/** The part of a stack's name in front of the environment: lets two clones share one host. */
export function projectName(value: string | undefined): string {
  const name = value || "lockstep"
  if (/^[a-z0-9][a-z0-9-]{0,30}$/.test(name)) return name
  throw new DeployError("DEPLOY_BAD_PROJECT", `the project ${JSON.stringify(name)} is not a usable name`, {
    why: "it becomes a part of service and network names",
    todo: "use up to 31 lower-case letters, digits and dashes, not starting with a dash",
    outcome: "usage",
  })
}

/** Who asks, for people: whatever else stands in it would only break tables. */
export function actorName(value: string | undefined): string {
  return (value ?? "")
    .replace(/[^\p{L}\p{N}@._+-]+/gu, " ")
    .trim()
    .slice(0, 64)
}

/** The service labels that make a stack ours. docker/docker-compose.prod.yml sets them. */
export const labels = {
  env: "io.lockstep.env",
  deployId: "io.lockstep.deploy-id",
  deployedAt: "io.lockstep.deployed-at",
  /** Of the service that is asked during a release, with the command that asks. Not every stack has one. */
  probe: "io.lockstep.probe",
} as const

export interface Target {
  readonly environment: Environment
  readonly stack: string
}

export function targetOf(project: string, environment: Environment): Target {
  return { environment, stack: `${project}-${environment.name}` }
}
