import { isPlainUser } from "../finding.ts"
import type { ServiceRule } from "./check.ts"
import { fields, isAmount, list, names, requiredVariable } from "./model.ts"

const digest = /^[^\s@]+@sha256:[0-9a-f]{64}$/
const byVariable = new RegExp(`^([^\\s@]+@)?${requiredVariable.source}$`)
/** What Kubernetes' restricted profile allows as well: it opens low ports and nothing else. */
const allowed = ["NET_BIND_SERVICE", "CAP_NET_BIND_SERVICE"]
const rotating = ["json-file", "local"]

/** What the container itself is like. */
export const containerRules = {
  POLICY_IMAGE_BY_DIGEST: ({ image }) => {
    if (typeof image !== "string") return ["image is missing"]
    return digest.test(image) || byVariable.test(image)
      ? []
      : [`image ${JSON.stringify(image)} is not by digest`]
  },

  POLICY_HEALTHCHECK: (service, _, brings) => {
    const { test, disable } = fields(service.healthcheck)
    if ((disable !== undefined && disable !== false) || isNone(test))
      return ["its health check is switched off"]
    return brings.healthcheck || isCommand(test) ? [] : ["neither it nor its image has a health check"]
  },

  POLICY_USER: ({ user }, _, brings) => {
    if (user === undefined) return brings.user ? [] : ["neither it nor its image sets a user"]
    return isPlainUser(user) ? [] : [`user ${JSON.stringify(user)} is root or not a number`]
  },

  POLICY_READ_ONLY: service => (service.read_only === true ? [] : ["its root file system can be written to"]),

  POLICY_CAPABILITIES: service => {
    const dropped = list(service.cap_drop).some(name => String(name).toUpperCase() === "ALL")
    const added = list(service.cap_add).filter(name => !allowed.includes(String(name).toUpperCase()))
    return [
      ...(dropped ? [] : ["cap_drop does not have ALL"]),
      ...(added.length > 0 ? [`cap_add gives ${added.join(", ")}`] : []),
    ]
  },

  POLICY_LOG_ROTATION: service => {
    const { driver, options } = fields(service.logging)
    if (!rotating.includes(String(driver))) return [`logging.driver is not ${rotating.join(" or ")}`]
    const given = fields(options)
    return ["max-size", "max-file"]
      .filter(name => !isAmount(given[name]))
      .map(name => `logging.options.${name} is missing`)
  },

  POLICY_NETWORK: (service, file) => {
    const used = names(service.networks)
    if (used.length === 0) return ["it names no network"]
    return used.filter(name => !(name in file.networks)).map(name => `network ${name} is not declared`)
  },
} satisfies Record<string, ServiceRule>

function isNone(test: unknown): boolean {
  return test === "NONE" || (Array.isArray(test) && test[0] === "NONE")
}

function isCommand(test: unknown): boolean {
  if (typeof test === "string") return test.trim() !== ""
  return Array.isArray(test) && ["CMD", "CMD-SHELL"].includes(String(test[0])) && test.length > 1
}
