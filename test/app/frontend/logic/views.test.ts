import { expect, test } from "vitest"
import { announcement } from "../../../../app/frontend/src/logic/announcement.ts"
import { describeContact, describeOldValues } from "../../../../app/frontend/src/logic/contact.ts"
import { slowestRoutes, viewDependency } from "../../../../app/frontend/src/logic/dependency-view.ts"
import { initialState, type PageState } from "../../../../app/frontend/src/logic/page-state.ts"
import { viewRelease } from "../../../../app/frontend/src/logic/release-view.ts"
import { summarise } from "../../../../app/frontend/src/logic/summary.ts"
import { dependency, report, version } from "../samples.ts"

const noon = new Date(2026, 10, 24, 12).getTime()
const network = { kind: "unreachable", reason: "network" } as const
const silent = { problem: network, since: noon + 5000, failures: 3 }
const bad = dependency({ status: "degraded", lastError: "timeout" })

function page(fields: Partial<PageState> = {}): PageState {
  const given = report()
  return { ...initialState, status: given.status, report: given, version, receivedAt: noon, ...fields }
}

test("the title carries the state first", () => {
  expect(summarise(initialState).title).toBe("Loading · Lockstep")
  expect(summarise(page()).title).toBe("Healthy · staging · lockstep-backend")
  expect(summarise(page({ trouble: silent })).title).toBe("Unreachable · staging · lockstep-backend")
  expect(summarise(page({ report: null })).title).toBe("Healthy · staging · Lockstep")
})

test("unreachable and answered by something else look different", () => {
  const foreign = { ...silent, problem: { kind: "foreign", content: "redirect" } as const }
  expect(summarise(page({ trouble: silent }))).toMatchObject({ tone: "unreachable", heading: "Unreachable" })
  expect(summarise(page({ trouble: foreign }))).toMatchObject({
    tone: "unknown",
    heading: "Unexpected answer",
  })
})

test("while it answers, the page says how fresh it is", () => {
  const clock = { now: noon + 3000, nextAt: noon + 5000, paused: false }
  expect(describeContact(initialState, clock)).toBe("")
  expect(describeContact(page(), clock)).toBe("Updated 3 s ago")
  expect(describeContact(page(), { ...clock, paused: true })).toBe("Updated 3 s ago. Paused")
  expect(describeOldValues(page(), clock.now)).toBeNull()
})

test("in trouble, it says since when, when it tries again, and how old the values are", () => {
  const state = page({ trouble: silent })
  const clock = { now: noon + 65_000, nextAt: noon + 72_200, paused: false }
  expect(describeContact(state, clock)).toBe("Since 12:00:05 (1 min). Next try in 8 s.")
  expect(describeContact(state, { ...clock, nextAt: null })).toBe("Since 12:00:05 (1 min). Trying now.")
  expect(describeContact(state, { ...clock, nextAt: null, paused: true })).toContain(
    "Paused: no further try.",
  )
  expect(describeOldValues(state, clock.now)).toBe("Last known values, from 12:00:00 (1 min 5 s ago)")
  expect(describeOldValues({ ...state, receivedAt: null }, clock.now)).toBeNull()
})

test("uptime goes on between answers, and stands still when they stop", () => {
  expect(viewRelease(page(), noon + 5000)).toMatchObject({ phase: "Ready", uptime: "1 min 35 s" })
  expect(viewRelease(page({ trouble: silent }), noon + 60_000).uptime).toBe("1 min 30 s")
})

test("without details, the release comes from the version", () => {
  const state = page({ report: null })
  const now = Date.parse(version.startedAt) + 60_000
  expect(viewRelease(state, now)).toMatchObject({
    environment: "staging",
    version: "1.2.3",
    digest: null,
    phase: null,
    uptime: "1 min",
  })
  expect(viewRelease(initialState, now)).toMatchObject({ environment: null, uptime: null, started: null })
})

test("a dependency in words, with its age counted on", () => {
  const view = viewDependency(dependency({ lastError: "timeout", stale: true }), 2000)
  expect(view).toMatchObject({ latency: "12 ms", p95: "20 ms", error: "did not answer in time" })
  expect(view).toMatchObject({ age: "6 s ago, overdue" })
  expect(view.recentText).toBe("Last 3 checks: 10 ms to 20 ms, newest 12 ms")
})

test("a dependency that is not configured has no values", () => {
  const none = { latencyMs: null, ageMs: null, latency: null, recentLatenciesMs: [] }
  const view = viewDependency(dependency({ status: "disabled", ...none }), 2000)
  expect(view).toMatchObject({ state: "Not configured", latency: "–", age: "", p50: "–", error: "" })
})

test("eight routes are shown, the slowest first", () => {
  const routes = Array.from({ length: 10 }, (_, p95) => ({
    route: `GET /${p95}`,
    count: 1,
    p50: 9,
    p95,
    p99: 9,
  }))
  const shown = slowestRoutes(routes).map(({ p95 }) => p95)
  expect(shown).toEqual([9, 8, 7, 6, 5, 4, 3, 2])
})

test("a refresh that changes no state is not announced", () => {
  const later = report({ uptimeSeconds: 99, dependencies: [dependency({ latencyMs: 900, ageMs: 1 })] })
  expect(announcement(page(), page({ report: later, receivedAt: noon + 5000 }))).toBeNull()
  expect(announcement(page({ trouble: silent }), page({ trouble: { ...silent, failures: 4 } }))).toBeNull()
})

test("a change of the whole, of a dependency and of the token is announced", () => {
  const degraded = page({ status: "degraded", report: report({ status: "degraded", dependencies: [bad] }) })
  expect(announcement(page(), degraded)).toBe("Degraded. pinecone did not answer in time.")
  expect(announcement(page(), page({ trouble: silent }))).toBe("Unreachable. The connection failed.")
  const two = [bad, dependency({ name: "llm" })]
  const worse = page({ ...degraded, report: report({ dependencies: [bad, { ...bad, name: "llm" }] }) })
  expect(announcement(page({ ...degraded, report: report({ dependencies: two }) }), worse)).toBe(
    "llm is degraded: it did not answer in time.",
  )
  const asking = page({ report: null, access: "token-needed" })
  expect(announcement(asking, { ...asking, access: "token-rejected" })).toBe("The token was not accepted.")
})
