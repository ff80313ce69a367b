import { types } from "node:util"
import { cleanContents } from "./objects.ts"
import { redacted } from "./redaction.ts"
import { type Budget, cleanName, cleanText } from "./text.ts"

/** The work on one record: what it may still take, and the objects that the present value lies in. */
export interface Walk extends Budget {
  readonly ancestors: object[]
}

/** Data that JSON can hold; undefined is left out. */
export type Clean = string | number | boolean | null | undefined | Clean[] | { [name: string]: Clean }

export type CleanFields = { [name: string]: Clean }

/** Deeper values, and what is beyond so many fields or elements, are replaced by a mark. */
const maxDepth = 8
export const maxBreadth = 100

export const unreadable = "[unreadable]"

/** A copy that is plain data without secrets, whatever the value is. Never throws. */
export function cleanValue(walk: Walk, value: unknown): Clean {
  switch (typeof value) {
    case "string":
      return cleanText(walk, value)
    case "number":
      walk.left -= 24
      return Number.isFinite(value) ? value : String(value)
    case "boolean":
    case "undefined":
      walk.left -= 6
      return value
    case "function":
      return cleanText(walk, `[function ${textOr("", read(value, "name"))}]`)
    case "object":
      walk.left -= 5
      return value === null ? null : cleanObject(walk, value)
    default:
      return cleanText(walk, String(value))
  }
}

/** Whether it is an error, of whatever realm; a proxy may throw when it is asked. */
export function isError(value: unknown): value is Error {
  try {
    return types.isNativeError(value) || value instanceof Error
  } catch {
    return false
  }
}

/** What a text is, or `fallback` where it is none. */
export const textOr = (fallback: string, value: unknown): string =>
  typeof value === "string" && value !== "" ? value : fallback

/** The value of a field; an accessor may throw. */
export function read(holder: object, name: PropertyKey): unknown {
  try {
    return Reflect.get(holder, name)
  } catch {
    return unreadable
  }
}

/** Names to leave out, and names to mark with an underscore. */
interface NameRules {
  readonly skip?: ReadonlySet<string>
  readonly rename?: ReadonlySet<string>
}

/** Adds clean copies of fields to `target`. Throws when a proxy does not tell its fields. */
export function addFields(walk: Walk, target: CleanFields, holder: object, rules: NameRules = {}): void {
  const { skip, rename } = rules
  const names = Object.keys(holder)
  let done = 0
  for (const name of names) {
    if (done === maxBreadth || walk.left <= 0) {
      target["…"] = `${names.length - done} more`
      return
    }
    done++
    if (skip?.has(name)) continue
    addField(walk, target, rename?.has(name) ? `${name}_` : name, read(holder, name))
  }
}

/** Adds a clean copy of one field to `target`; of a secret, only its name. */
export function addField(walk: Walk, target: CleanFields, name: string, value: unknown): void {
  const clean = walk.redaction.isSecret(name, value) ? redacted : cleanValue(walk, value)
  if (clean === undefined) return
  const cleanedName = cleanName(walk, name)
  if (cleanedName === "__proto__") {
    // An assignment would change the prototype instead.
    Object.defineProperty(target, cleanedName, { value: clean, enumerable: true, configurable: true })
  } else {
    target[cleanedName] = clean
  }
}

function cleanObject(walk: Walk, value: object): Clean {
  if (walk.ancestors.includes(value)) return "[circular]"
  if (walk.ancestors.length >= maxDepth) return "[too deep]"
  walk.ancestors.push(value)
  try {
    return cleanContents(walk, value)
  } catch {
    // A proxy may throw at anything.
    return unreadable
  } finally {
    walk.ancestors.pop()
  }
}
