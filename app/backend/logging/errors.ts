import {
  addFields,
  type Clean,
  type CleanFields,
  cleanValue,
  isError,
  read,
  textOr,
  type Walk,
} from "./values.ts"

const maxCauses = 8

// Written by describe(), or found in a cause's own entry.
const ownNames = new Set(["type", "name", "message", "stack", "cause", "causes", "errors"])

/**
 * An error as data: `type`, `message`, `stack`, its own fields such as `code`, `errors` of an AggregateError, and
 * `causes`, the whole chain from the nearest cause on.
 */
export function cleanError(walk: Walk, error: Error): Clean {
  const copy = describe(walk, error)
  const causes = causesOf(error).map(cause =>
    isError(cause) ? describe(walk, cause) : cleanValue(walk, cause),
  )
  if (causes.length > 0) copy.causes = causes
  return copy
}

function describe(walk: Walk, error: object): CleanFields {
  const copy: CleanFields = {}
  copy.type = cleanValue(walk, textOr("Error", read(error, "name")))
  copy.message = cleanValue(walk, read(error, "message"))
  copy.stack = cleanValue(walk, read(error, "stack"))
  const errors = read(error, "errors")
  if (errors !== undefined) copy.errors = cleanValue(walk, errors)
  addFields(walk, copy, error, { skip: ownNames })
  return copy
}

function causesOf(error: object): unknown[] {
  const seen = new Set<unknown>([error])
  const causes: unknown[] = []
  for (let cause = read(error, "cause"); cause !== undefined; ) {
    if (seen.has(cause)) return [...causes, "[circular]"]
    if (causes.length === maxCauses) return [...causes, "[more causes]"]
    seen.add(cause)
    causes.push(cause)
    cause = isObject(cause) ? read(cause, "cause") : undefined
  }
  return causes
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null
