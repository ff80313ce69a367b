import { parse } from "yaml"
import { ScanError } from "./errors.ts"
import type { Exception } from "./model.ts"

/** At the repository's root; whoever has no exceptions has no such file. */
export const exceptionsFile = "security-exceptions.yaml"

const fields = ["id", "package", "reason", "owner", "expires"] as const

/**
 * Half a year. A later day is refused: nobody remembers then why the risk was taken, and an exception that never ends is
 * a finding that was switched off. Whoever still wants it looks at it again and moves the day.
 */
const longestDays = 180
const dayMs = 24 * 60 * 60 * 1000

/**
 * Reads the exceptions' file. An expired one is no error here: it stays in the list and covers nothing.
 *
 * @param today 2026-12-31, in UTC
 * @throws ScanError SCAN_EXCEPTIONS with everything that is wrong in the file
 */
export function readExceptions(text: string, today: string): Exception[] {
  const list = parsed(text) ?? []
  if (!Array.isArray(list)) throw refusal(["it is not a list"])
  const problems = list.flatMap((entry, index) =>
    [...problemsOf(entry, today), ...repetitions(list, index)].map(
      problem => `entry ${index + 1}: ${problem}`,
    ),
  )
  if (problems.length > 0) throw refusal(problems)
  return list.map(exceptionOf)
}

function parsed(text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw refusal([`it is no YAML: ${(error as Error).message.split("\n")[0]}`], error)
  }
}

function exceptionOf(entry: Record<keyof Exception, string>): Exception {
  return {
    id: oneLine(entry.id),
    package: oneLine(entry.package),
    reason: oneLine(entry.reason),
    owner: oneLine(entry.owner),
    expires: oneLine(entry.expires),
  }
}

function problemsOf(value: unknown, today: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [`it is no mapping of ${fields.join(", ")}`]
  const entry: Readonly<Record<string, unknown>> = { ...value }
  const unknown = Object.keys(entry).filter(key => !fields.some(field => field === key))
  const missing = fields.filter(field => !saysSomething(entry[field]))
  return [
    ...missing.map(field =>
      entry[field] === undefined ? `${field} is missing` : `${field} is no text, or says nothing`,
    ),
    ...unknown.map(key => `there is no field "${key}"`),
    ...(missing.includes("expires") ? [] : dayProblems(String(entry.expires).trim(), today)),
  ]
}

/** Blanks, dots and dashes are no reason. */
function saysSomething(value: unknown): boolean {
  return typeof value === "string" && /[\p{L}\p{N}]/u.test(value)
}

function dayProblems(day: string, today: string): string[] {
  const time = Date.parse(`${day}T00:00:00Z`)
  const isDay = /^\d{4}-\d\d-\d\d$/.test(day) && new Date(time || 0).toISOString().startsWith(day)
  if (!isDay) return [`expires is no day such as ${today}`]
  const days = Math.round((time - Date.parse(`${today}T00:00:00Z`)) / dayMs)
  return days > longestDays ? [`expires is ${days} days ahead, and ${longestDays} is the most`] : []
}

/** Two entries for the same thing could name two owners and two days. */
function repetitions(list: readonly unknown[], index: number): string[] {
  const name = nameOf(list[index])
  const first = list.findIndex(entry => nameOf(entry) === name)
  return name !== "" && first < index ? [`it repeats entry ${first + 1}`] : []
}

function nameOf(entry: unknown): string {
  const { id, package: name }: Readonly<Record<string, unknown>> = Object(entry)
  return saysSomething(id) && saysSomething(name) ? [id, name].map(String).map(oneLine).join("\n") : ""
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim()
}

function refusal(evidence: string[], cause?: unknown): ScanError {
  return new ScanError("SCAN_EXCEPTIONS", `${exceptionsFile} is not right`, {
    why: "an exception that nobody gave a reason, an owner and a last day for is a finding switched off",
    todo: `give each entry id, package, reason, owner and expires (at most ${longestDays} days ahead), and no other field`,
    evidence,
    cause,
  })
}
