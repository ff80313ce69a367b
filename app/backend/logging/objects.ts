import { types } from "node:util"
import { cleanError } from "./errors.ts"
import { redacted } from "./redaction.ts"
import { cleanText } from "./text.ts"
import {
  addField,
  addFields,
  type Clean,
  type CleanFields,
  cleanValue,
  isError,
  maxBreadth,
  read,
  type Walk,
} from "./values.ts"

/** A clean copy of an object, by its kind. Throws what the object throws when it is looked at. */
export function cleanContents(walk: Walk, value: object): Clean {
  if (Array.isArray(value)) return cleanElements(walk, value, value.length)
  if (isError(value)) return cleanError(walk, value)
  if (types.isDate(value)) return cleanDate(value)
  if (ArrayBuffer.isView(value))
    return cleanText(walk, `[${value.constructor.name}, ${value.byteLength} bytes]`)
  if (types.isMap(value)) return cleanMap(walk, value)
  if (types.isSet(value)) return cleanElements(walk, value, value.size)
  if (types.isBoxedPrimitive(value)) return cleanValue(walk, value.valueOf())
  if (types.isRegExp(value)) return cleanText(walk, String(value))
  const toJson = read(value, "toJSON")
  if (typeof toJson === "function") {
    const json: unknown = toJson.call(value)
    if (json !== value) return cleanValue(walk, json)
  }
  const copy: CleanFields = {}
  addFields(walk, copy, value)
  return copy
}

// An object may have methods of its own by these names.
function cleanDate(date: Date): string {
  const isValid = !Number.isNaN(Date.prototype.getTime.call(date))
  return isValid ? Date.prototype.toISOString.call(date) : "Invalid Date"
}

function cleanElements(walk: Walk, elements: Iterable<unknown>, length: number): Clean[] {
  const copy: Clean[] = []
  let before: unknown
  for (const element of elements) {
    if (copy.length === maxBreadth || walk.left <= 0) {
      copy.push(`… ${length - copy.length} more`)
      break
    }
    // Header lists of Node and fetch are names and values in turn.
    const isSecret = typeof before === "string" && walk.redaction.isSecret(before, element)
    copy.push(isSecret ? redacted : (cleanValue(walk, element) ?? null))
    before = element
  }
  return copy
}

function cleanMap(walk: Walk, map: ReadonlyMap<unknown, unknown>): Clean {
  const copy: CleanFields = {}
  let done = 0
  for (const [key, value] of map) {
    if (done === maxBreadth || walk.left <= 0) {
      copy["…"] = `${map.size - done} more`
      break
    }
    done++
    addField(walk, copy, typeof key === "object" && key !== null ? `object ${done}` : String(key), value)
  }
  return copy
}
