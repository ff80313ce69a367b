import { serviceUrl } from "./address.ts"
import type { Context } from "./context.ts"
import { isServing, isUpdating } from "./convergence.ts"
import type { Service, Snapshot } from "./docker/model.ts"
import { type Environment, labels } from "./environments.ts"
import { observe } from "./observe.ts"
import { insistOnOurs } from "./ownership.ts"
import { openSession, runningRelease } from "./session.ts"
import { type Holder, readHolder } from "./state/lock.ts"
import { readReleases } from "./state/releases.ts"

export interface ServiceStatus {
  readonly service: string
  readonly running: number
  readonly wanted: number
  readonly health: "healthy" | "updating" | "unhealthy"
  readonly image: string
  readonly digest: string
  readonly deployId: string
  readonly deployedAt: string
  readonly url: string
}

export interface Status {
  readonly environment: string
  readonly stack: string
  readonly state: "not-deployed" | ServiceStatus["health"]
  readonly services: readonly ServiceStatus[]
  /** The number of the release that runs; null for none, or for one without a record. */
  readonly release: number | null
  /** What changes the environment at the moment, or was killed while it did. */
  readonly lock: Holder | null
}

export async function status(context: Context, environment: Environment): Promise<Status> {
  const { context: patient, target } = await openSession(context, environment)
  const now = await observe(patient.docker, target.stack)
  insistOnOurs(now.services, target)
  const releases = await readReleases(patient.docker, target.stack)
  return {
    environment: environment.name,
    stack: target.stack,
    ...summarize(now, context.host),
    release: runningRelease(releases, now)?.number ?? null,
    lock: (await readHolder(patient, target.stack)) ?? null,
  }
}

export function summarize(now: Snapshot, host = "localhost"): Pick<Status, "state" | "services"> {
  const services = now.services.map(service => serviceStatus(service, now, host))
  const state = (["unhealthy", "updating"] as const).find(word =>
    services.some(({ health }) => health === word),
  )
  return { state: services.length === 0 ? "not-deployed" : (state ?? "healthy"), services }
}

function serviceStatus(service: Service, now: Snapshot, host: string): ServiceStatus {
  const tasks = now.tasks.filter(task => task.serviceId === service.id)
  const running = tasks.filter(task => isServing(task, now.containers)).length
  const settled = running === service.wanted ? "healthy" : "unhealthy"
  return {
    service: service.name,
    running,
    wanted: service.wanted,
    health: isUpdating(service) ? "updating" : settled,
    image: service.image,
    digest: service.image.split("@")[1] ?? "",
    deployId: service.labels[labels.deployId] ?? "",
    deployedAt: service.labels[labels.deployedAt] ?? "",
    url: service.ports[0] === undefined ? "" : serviceUrl(host, service.ports[0]),
  }
}
