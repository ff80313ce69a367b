import { expect, test } from "vitest"
import {
  initialState,
  needsVersion,
  type PageState,
  reduce,
} from "../../../../app/frontend/src/logic/page-state.ts"
import { type Outcome, problem } from "../../../../app/frontend/src/logic/read-answer.ts"
import { report, version } from "../samples.ts"

const gone = problem({ kind: "unreachable", reason: "network" })
const foreign = problem({ kind: "foreign", content: "redirect" })
const good: Outcome = { kind: "report", report: report() }

function brief(sentToken: boolean): Outcome {
  return { kind: "brief", brief: { status: "degraded", timestamp: "2026-11-24T12:00:00.000Z" }, sentToken }
}

/** The state after these outcomes, one a second. */
function after(...outcomes: Outcome[]): PageState {
  return outcomes.reduce(
    (state, outcome, index) => reduce(state, { type: "answered", outcome, at: (index + 1) * 1000 }),
    initialState,
  )
}

test("a report brings values and the time", () => {
  expect(after(good)).toMatchObject({ status: "healthy", report: report(), receivedAt: 1000, trouble: null })
})

test("trouble keeps the values and their time, and counts from the first failure", () => {
  expect(after(good, gone, gone, foreign)).toMatchObject({
    status: "healthy",
    report: report(),
    receivedAt: 1000,
    trouble: { since: 2000, failures: 3, problem: { kind: "foreign" } },
  })
})

test("the first answer ends the trouble", () => {
  expect(after(good, gone, gone, good)).toMatchObject({ receivedAt: 4000, trouble: null })
})

test("a brief answer has no details and asks for a token", () => {
  const state = after(good, brief(false))
  expect(state).toMatchObject({ status: "degraded", report: null, access: "token-needed" })
})

test("a rejected token stays rejected until there is another", () => {
  const rejected = after(brief(false), brief(true), brief(false))
  expect(rejected.access).toBe("token-rejected")
  expect(reduce(rejected, { type: "token-changed" }).access).toBe("token-needed")
  expect(after(brief(true), good).access).toBe("open")
})

test("forgetting the token leaves the details until the next answer", () => {
  expect(reduce(after(good), { type: "token-changed" })).toEqual(after(good))
})

test("a version that cannot be had leaves the known one", () => {
  const known = reduce(after(good), { type: "version", version })
  expect(known.version).toEqual(version)
  expect(reduce(known, { type: "version", version: null })).toEqual(known)
})

test("the version is asked for when another process may answer", () => {
  const known = (state: PageState) => reduce(state, { type: "version", version })
  const next = (outcome: Outcome, before: PageState) =>
    reduce(before, { type: "answered", outcome, at: 9000 })
  const asked = (outcome: Outcome, before: PageState) => needsVersion(before, next(outcome, before))
  const later: Outcome = { kind: "report", report: report({ uptimeSeconds: 95 }) }

  expect(asked(good, initialState)).toBe(true)
  expect(asked(later, known(after(good)))).toBe(false)
  expect(asked({ kind: "report", report: report({ uptimeSeconds: 2 }) }, known(after(good)))).toBe(true)
  expect(asked({ kind: "report", report: report({ digest: "sha256:0" }) }, known(after(good)))).toBe(true)
  expect(asked(later, known(after(good, gone)))).toBe(true)
  expect(asked(brief(false), known(after(brief(false))))).toBe(true)
  expect(asked(gone, initialState)).toBe(false)
})
