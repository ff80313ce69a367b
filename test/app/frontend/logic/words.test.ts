import { expect, test } from "vitest"
import { ErrorClass } from "../../../../app/backend/health/schemas.ts"
import type { Problem } from "../../../../app/frontend/src/logic/read-answer.ts"
import {
  describeDependency,
  describeError,
  describeProblem,
  describeReport,
  shorten,
} from "../../../../app/frontend/src/logic/words.ts"
import { dependency, report } from "../samples.ts"

test.each(ErrorClass.options)("the backend's error %s has words of its own", code => {
  expect(describeError(code)).not.toContain("(")
  expect(describeError(code)).not.toContain("_")
})

test("an error that a newer backend invented is shown readably", () => {
  expect(describeError("quota_used_up")).toBe("failed (quota used up)")
})

test.each<[Problem, string]>([
  [{ kind: "unreachable", reason: "network" }, "The connection failed."],
  [{ kind: "unreachable", reason: "timeout" }, "The backend did not answer in time."],
  [
    { kind: "unreachable", reason: "gateway", status: 502 },
    "The server in front answers 502: it does not reach the backend.",
  ],
  [
    { kind: "foreign", content: "page", status: 200 },
    "Something other than the backend answers: a web page, status 200. A proxy may be in between.",
  ],
  [{ kind: "foreign", content: "redirect" }, "The answer leads to another page, perhaps a login."],
])("problem %o has a sentence", (problem, sentence) => {
  expect(describeProblem(problem)).toBe(sentence)
})

const slow = dependency({ name: "llm", status: "degraded", lastError: "timeout" })
const off = dependency({ name: "off", status: "disabled", ageMs: null })

test.each([
  ["starting", report({ phase: "starting", status: "unhealthy" }), "The backend is starting."],
  ["draining", report({ phase: "draining" }), "The backend is stopping. It takes no new traffic."],
  ["healthy", report({ dependencies: [dependency(), dependency(), off] }), "Both checks pass."],
  ["all healthy", report({ dependencies: [dependency(), dependency(), dependency()] }), "All 3 checks pass."],
  ["healthy alone", report(), "The check of pinecone passes."],
  ["bare", report({ dependencies: [off] }), "The backend answers. No dependency is configured."],
  [
    "just started",
    report({ dependencies: [dependency(), dependency({ status: "degraded", ageMs: null })] }),
    "1 of 2 checks pass, the others have not run yet.",
  ],
  ["one fails", report({ status: "degraded", dependencies: [slow] }), "llm did not answer in time."],
  [
    "two fail",
    report({ status: "degraded", dependencies: [slow, slow] }),
    "llm did not answer in time. One more check fails.",
  ],
  [
    "three fail",
    report({ status: "degraded", dependencies: [slow, slow, slow] }),
    "llm did not answer in time. 2 more checks fail.",
  ],
  [
    "fails without a reason",
    report({ status: "degraded", dependencies: [dependency({ status: "degraded" })] }),
    "pinecone is degraded.",
  ],
  ["degraded by nothing known", report({ status: "degraded" }), "No dependency is to blame."],
])("a report: %s", (_what, given, sentence) => {
  expect(describeReport(given)).toBe(sentence)
})

test("a check that never ran, or not for long, says so", () => {
  expect(describeDependency(dependency({ ageMs: null }))).toBe("has not been checked yet")
  expect(describeDependency(dependency({ stale: true }))).toBe("has not been checked for too long")
  expect(describeDependency(dependency())).toBe("")
  expect(describeDependency(off)).toBe("")
})

test("digests keep the name of their algorithm, short values stay whole", () => {
  expect(shorten(`sha256:${"0123456789abcdef".repeat(4)}`)).toBe("sha256:0123456789ab…")
  expect(shorten("8709760ab3c1d2e4f506")).toBe("8709760ab3c1…")
  expect(shorten("8709760ab3c1")).toBe("8709760ab3c1")
})
