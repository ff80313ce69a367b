import { expect, test } from "vitest"
import { type Answer, readAnswer } from "../../../../app/frontend/src/logic/read-answer.ts"
import { report } from "../samples.ts"

function answer(status: number, body: string, contentType = "application/json"): Answer {
  return { type: "basic", status, contentType, body }
}

test("a report is one whatever its status code", () => {
  for (const status of [200, 503]) {
    const outcome = readAnswer(answer(status, JSON.stringify(report())), false)
    expect(outcome).toEqual({ kind: "report", report: report() })
  }
})

test("a brief answer says whether a token was sent", () => {
  const brief = { status: "healthy", timestamp: "2026-11-24T12:00:00.000Z" }
  const outcome = readAnswer(answer(200, JSON.stringify(brief)), true)
  expect(outcome).toEqual({ kind: "brief", brief, sentToken: true })
})

test.each([502, 503, 504])("%d without the backend's JSON means that a proxy found no backend", status => {
  const outcome = readAnswer(answer(status, "<h1>Bad gateway</h1>", "text/html"), false)
  expect(outcome).toEqual({ kind: "problem", problem: { kind: "unreachable", reason: "gateway", status } })
})

test.each([
  ["page", "<!doctype html>", "text/html; charset=utf-8"],
  ["page", "\n <html>", "text/plain"],
  ["page", "Log in", "text/html"],
  ["text", "hello", "text/plain"],
  ["text", "", ""],
  ["json", '{"status":"pass"}', "application/health+json"],
  ["json", "null", "application/json"],
  ["json", '"healthy"', "application/json"],
])("a foreign %s is no report and no broken network: %s", (content, body, contentType) => {
  const outcome = readAnswer(answer(200, body, contentType), false)
  expect(outcome).toEqual({ kind: "problem", problem: { kind: "foreign", content, status: 200 } })
})

test("a redirect leads away from the backend", () => {
  const redirect = { type: "opaqueredirect", status: 0, contentType: "", body: "" }
  const outcome = readAnswer(redirect, false)
  expect(outcome).toEqual({ kind: "problem", problem: { kind: "foreign", content: "redirect" } })
})
