import { parse } from "yaml"

/** Anything that stands in a YAML file. */
export type Fields = Readonly<Record<string, unknown>>

export interface Service extends Fields {
  readonly name: string
}

export interface StackFile {
  readonly services: readonly Service[]
  readonly networks: Fields
  readonly volumes: Fields
  readonly secrets: Fields
}

/**
 * Reads a stack file. What has another form than expected reads as empty, so that the rules find it missing.
 *
 * @throws Error when it is no YAML
 */
export function readStackFile(text: string): StackFile {
  const file = fields(parse(text, { merge: true }))
  const services = Object.entries(fields(file.services))
  return {
    services: services.map(([name, service]) => ({ ...fields(service), name })),
    networks: fields(file.networks),
    volumes: fields(file.volumes),
    secrets: fields(file.secrets),
  }
}

export function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

/** The value at a path such as "deploy.resources.limits", as a mapping. */
export function fieldsAt(from: Fields, path: string): Fields {
  return path.split(".").reduce((value, key) => fields(value[key]), from)
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The names in a list, or the keys of a mapping: networks may be written as either. */
export function names(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : Object.keys(fields(value))
}

/** A variable without which `docker stack deploy` refuses the file. */
export const requiredVariable = /\$\{\w+:\?[^}]*\}/

/** Whether an amount is given and more than nothing; 0 and -1 mean "no limit" to Docker. */
export function isAmount(value: unknown): boolean {
  const text = String(value ?? "").trim()
  if (new RegExp(`^${requiredVariable.source}$`).test(text)) return true
  const fallback = /^\$\{\w+:-([^}]*)\}$/.exec(text)?.[1]
  return Number.parseFloat(fallback ?? text) > 0
}
