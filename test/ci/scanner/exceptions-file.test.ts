import fc from "fast-check"
import { expect, test } from "vitest"
import { stringify } from "yaml"
import { ScanError } from "../../../ci/scanner/errors.ts"
import { readExceptions } from "../../../ci/scanner/exceptions-file.ts"
import { runsOf } from "../policy/runs.ts"
import { anyException, dayFrom, exception, today } from "./findings.ts"

const runs = runsOf("the exceptions' file")
const fields = ["id", "package", "reason", "owner", "expires"] as const

function problems(text: string): readonly string[] {
  try {
    readExceptions(text, today)
  } catch (error) {
    if (error instanceof ScanError && error.code === "SCAN_EXCEPTIONS") return error.evidence
    throw error
  }
  return []
}

test.each(["", "[]", "# none yet\n", "---\n"])("a file without entries has no exceptions: %j", text => {
  expect(readExceptions(text, today)).toEqual([])
})

test("a day may be written without quotes, and a reason over several lines", () => {
  const text = `
- id: GHSA-35jh-r3h4-6jhm
  package: lodash
  reason: >
    template is
    not called
  owner: ada
  expires: 2026-12-31
`
  expect(readExceptions(text, today)).toEqual([exception()])
})

test("everything that is wrong is said at once, each with its entry", () => {
  const text = stringify([
    { ...exception(), owner: undefined, until: "2026-12-31" },
    exception({ id: "DL3007" }),
    { ...exception(), reason: " - ", expires: "2026-02-30" },
    { ...exception(), expires: dayFrom(181) },
    { ...exception(), id: 7, package: "*" },
    "GHSA-35jh-r3h4-6jhm",
    { ...exception(), owner: "bob", expires: "soon" },
  ])
  expect(problems(text)).toEqual([
    "entry 1: owner is missing",
    'entry 1: there is no field "until"',
    "entry 3: reason is no text, or says nothing",
    "entry 3: expires is no day such as 2026-11-26",
    "entry 3: it repeats entry 1",
    "entry 4: expires is 181 days ahead, and 180 is the most",
    "entry 4: it repeats entry 1",
    "entry 5: id is no text, or says nothing",
    "entry 5: package is no text, or says nothing",
    "entry 6: it is no mapping of id, package, reason, owner, expires",
    "entry 7: expires is no day such as 2026-11-26",
    "entry 7: it repeats entry 1",
  ])
})

test("the longest expiry is taken, and so is one that has passed", () => {
  const days = [dayFrom(180), dayFrom(0), dayFrom(-1), "1970-01-01"]
  for (const expires of days)
    expect(readExceptions(stringify([exception({ expires })]), today)).toHaveLength(1)
})

test.each([
  "never",
  "2026",
  "2026-12",
  "12/31/2026",
  "2026-12-31T00:00:00Z",
  "2026-13-01",
  "+002026-12-31",
  "2026-00-10",
])("%s is no day", expires => {
  expect(problems(stringify([exception({ expires })]))).toHaveLength(1)
})

test("an entry for the same finding twice is refused: their owners and days could differ", () => {
  const text = stringify([
    exception(),
    exception({ package: "other" }),
    exception({ owner: "bob", id: " GHSA-35jh-r3h4-6jhm" }),
  ])
  expect(problems(text)).toEqual(["entry 3: it repeats entry 1"])
})

test.each([
  ["text", "it is not a list"],
  ["id: GHSA-35jh-r3h4-6jhm", "it is not a list"],
  ["- [", "it is no YAML: "],
  ["- id: a\n  id: b", "it is no YAML: Map keys must be unique"],
])("%j is refused", (text, problem) => {
  expect(problems(text)[0]).toContain(problem)
})

test("no entry is ever taken that lacks a field, and one lacking entry spoils the file", () => {
  const nothing = fc.constantFrom(undefined, null, "", " ", "\t", "-", "…", "*", 0, true, [], {}, ["a"])
  fc.assert(
    fc.property(
      fc.array(anyException, { maxLength: 3 }),
      anyException,
      fc.constantFrom(...fields),
      nothing,
      (others, entry, field, value) => {
        const text = stringify([...others, { ...entry, [field]: value }])
        const own = problems(text).filter(problem => problem.startsWith(`entry ${others.length + 1}: `))
        expect(own.some(problem => problem.includes(`: ${field} is `))).toBe(true)
      },
    ),
    runs,
  )
})

test("what is complete is taken, field by field as it was written", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(anyException, { selector: entry => `${entry.id} ${entry.package}` }),
      entries => {
        expect(readExceptions(stringify(entries), today)).toEqual(entries)
      },
    ),
    runs,
  )
})
