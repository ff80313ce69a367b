import type { IetfAnswer, IetfStatus, Measurement } from "./ietf-schemas.ts"
import type { DependencyCheck, HealthAnswer, HealthStatus } from "./schemas.ts"

const ietfStatuses: Record<HealthStatus, IetfStatus> = {
  healthy: "pass",
  degraded: "warn",
  unhealthy: "fail",
}

export const ietfStatus = (status: HealthStatus): IetfStatus => ietfStatuses[status]

/** Says the same in the shape of the IETF draft. What is disabled is left out: the draft has no word for it. */
export function ietfAnswer(answer: HealthAnswer): IetfAnswer {
  const releaseId = answer.digest ?? answer.commit
  const checks: IetfAnswer["checks"] = { uptime: [uptime(answer)] }
  for (const dependency of answer.dependencies) {
    if (dependency.status === "disabled") continue
    checks[`${dependency.name}:responseTime`] = [measurement(dependency, ietfStatus(dependency.status))]
  }
  return {
    status: ietfStatus(answer.status),
    ...(answer.version !== null && { version: answer.version }),
    ...(releaseId !== null && { releaseId }),
    serviceId: answer.service,
    notes: [`environment ${answer.environment}`, `phase ${answer.phase}`],
    checks,
  }
}

function uptime({ timestamp, uptimeSeconds }: HealthAnswer): Measurement {
  return {
    componentType: "system",
    status: "pass",
    observedValue: uptimeSeconds,
    observedUnit: "s",
    time: timestamp,
  }
}

function measurement(dependency: DependencyCheck, status: IetfStatus): Measurement {
  const { latencyMs, checkedAt, lastError, stale } = dependency
  const output = checkedAt === null ? "not checked yet" : stale ? "stale" : lastError
  return {
    componentType: "component",
    status,
    ...(latencyMs !== null && { observedValue: latencyMs, observedUnit: "ms" as const }),
    ...(checkedAt !== null && { time: checkedAt }),
    ...(output !== null && { output }),
  }
}
