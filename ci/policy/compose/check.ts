import type { Finding, Traits } from "../finding.ts"
import { containerRules } from "./container-rules.ts"
import { deployRules } from "./deploy-rules.ts"
import { hostRules } from "./host-rules.ts"
import { readStackFile, type Service, type StackFile } from "./model.ts"
import { secretRules } from "./secret-rules.ts"

/** Says what is wrong with a service, once for each thing; nothing when it keeps the rule. */
export type ServiceRule = (service: Service, file: StackFile, brings: Traits) => string[]

const rules = { ...deployRules, ...containerRules, ...hostRules, ...secretRules }
const nothing: Traits = { user: false, healthcheck: false }

/**
 * Checks every service of a stack file.
 *
 * @param text the file's content
 * @param images what images bring, by the name of the variable that stands for them in the file, such as BACKEND_IMAGE
 */
export function checkStackFile(text: string, images: ReadonlyMap<string, Traits>): Finding[] {
  const file = read(text)
  if (typeof file === "string") return [{ code: "POLICY_INPUT", subject: "services", what: file }]
  return file.services.flatMap(service => checkService(service, file, images))
}

function read(text: string): StackFile | string {
  try {
    const file = readStackFile(text)
    return file.services.length > 0 ? file : "the stack file has no services"
  } catch (error) {
    return `the stack file is no YAML: ${(error as Error).message.split("\n")[0]}`
  }
}

function checkService(service: Service, file: StackFile, images: ReadonlyMap<string, Traits>): Finding[] {
  const variable = /^\$\{(\w+)/.exec(String(service.image))?.[1]
  const brings = images.get(variable ?? "") ?? nothing
  return Object.entries(rules).flatMap(([code, rule]) =>
    rule(service, file, brings).map(what => ({
      code: code as keyof typeof rules,
      subject: service.name,
      what,
    })),
  )
}
