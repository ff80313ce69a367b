import type { ServiceRule } from "./check.ts"
import { fields, fieldsAt, isAmount, list, type Service } from "./model.ts"

/** What stands under `deploy`: how Swarm runs the service. */
export const deployRules = {
  POLICY_LIMITS: service => missing(service, "deploy.resources.limits", ["cpus", "memory", "pids"]),

  POLICY_RESERVATIONS: service => missing(service, "deploy.resources.reservations", ["cpus", "memory"]),

  POLICY_RESTART: service => oneOf(service, "deploy.restart_policy", "condition", ["any", "on-failure"]),

  POLICY_UPDATE: service => oneOf(service, "deploy.update_config", "failure_action", ["rollback"]),

  POLICY_ROLLBACK: service =>
    oneOf(service, "deploy.rollback_config", "failure_action", ["pause", "continue"]),

  POLICY_PORTS: service => [
    ...oneOf(service, "deploy", "endpoint_mode", ["dnsrr"]),
    ...list(service.ports)
      .filter(port => fields(port).mode !== "host")
      .map(port => `port ${fields(port).target ?? JSON.stringify(port)} is not in mode host`),
  ],
} satisfies Record<string, ServiceRule>

function missing(service: Service, path: string, names: readonly string[]): string[] {
  const given = fieldsAt(service, path)
  return names.filter(name => !isAmount(given[name])).map(name => `${path}.${name} is missing`)
}

function oneOf(service: Service, path: string, name: string, allowed: readonly string[]): string[] {
  const value = fieldsAt(service, path)[name]
  if (allowed.includes(String(value))) return []
  return [value === undefined ? `${path}.${name} is missing` : `${path}.${name} is ${JSON.stringify(value)}`]
}
