/** What the deployer needs to know of Docker's objects. */

export interface Service {
  readonly id: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly image: string
  readonly wanted: number
  readonly ports: readonly number[]
  /** The specification that its tasks should have. */
  readonly template: unknown
  /** Swarm's word: updating, paused, completed, rollback_started, rollback_paused, rollback_completed. */
  readonly updateState: string | undefined
  readonly updateMessage: string
}

export interface Task {
  readonly id: string
  readonly serviceId: string
  readonly image: string
  readonly spec: unknown
  readonly desired: string
  readonly state: string
  readonly error: string
  readonly exitCode: number | undefined
  readonly containerId: string | undefined
  /** Where it is to run; undefined until Swarm has found a node for it. */
  readonly nodeId: string | undefined
  readonly ports: readonly number[]
  readonly createdAt: string
}

export interface Container {
  readonly id: string
  readonly imageId: string
  readonly running: boolean
  /** none: the image has no HEALTHCHECK. */
  readonly health: "healthy" | "starting" | "unhealthy" | "none"
  readonly failingStreak: number
  /** What the last failed health check printed. */
  readonly healthOutput: string
}

/** A machine of the swarm. */
export interface Node {
  readonly id: string
  /** Swarm holds it for lost, and has moved its tasks elsewhere. */
  readonly isDown: boolean
  /** The one that is asked. */
  readonly isSelf: boolean
}

export interface Snapshot {
  readonly services: readonly Service[]
  readonly tasks: readonly Task[]
  readonly nodes: readonly Node[]
  readonly containers: readonly Container[]
}

export interface Image {
  readonly id: string
  readonly health: HealthTiming | undefined
}

/** Docker's own defaults filled in. */
export interface HealthTiming {
  readonly startPeriodSeconds: number
  readonly intervalSeconds: number
  readonly timeoutSeconds: number
  readonly retries: number
}

export interface Swarm {
  readonly active: boolean
  readonly manager: boolean
  readonly state: string
  readonly error: string
}
