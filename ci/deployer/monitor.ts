import type { HealthTiming } from "./docker/model.ts"

/** The longest time until Docker calls a container unhealthy. */
export function detectionSeconds(health: HealthTiming): number {
  return health.startPeriodSeconds + health.retries * (health.intervalSeconds + health.timeoutSeconds)
}

/** How long Swarm watches a new task. A shorter window reports success before a sick task is found out. */
export function monitorSeconds(health: HealthTiming): number {
  return Math.ceil(detectionSeconds(health)) + 5
}

/** A limit for the whole rollout: each task stops (up to a minute), starts, and is watched. */
export function defaultTimeoutSeconds(health: HealthTiming, replicas: number): number {
  return 60 + replicas * (60 + 2 * monitorSeconds(health))
}
