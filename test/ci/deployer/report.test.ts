import { describe, expect, it } from "vitest"
import { DeployError, toDeployError } from "../../../ci/deployer/errors.ts"
import { progressTo } from "../../../ci/deployer/progress.ts"
import { errorJson, errorText, statusText } from "../../../ci/deployer/report.ts"
import { summarize } from "../../../ci/deployer/status.ts"
import { container, nothing, service, snapshot } from "./fixtures.ts"

const failed = new DeployError("DEPLOY_UNHEALTHY", "backend failed", {
  why: "health 500",
  todo: "see its log",
  outcome: "rolled-back",
  evidence: ["listening"],
})

describe("an error", () => {
  it("is printed with its code, what showed it, why, and what to do", () => {
    expect(errorText(failed)).toBe(
      "error DEPLOY_UNHEALTHY: backend failed\n  | listening\n  why: health 500\n  do:  see its log",
    )
  })

  it("is given to programs with its outcome and exit code", () => {
    expect(errorJson(failed)).toMatchObject({
      outcome: "rolled-back",
      exitCode: 20,
      error: { code: "DEPLOY_UNHEALTHY" },
    })
  })

  it("that nobody foresaw is an internal one", () => {
    expect(toDeployError(new TypeError("x is not a function"))).toMatchObject({ outcome: "internal" })
  })
})

describe("the status", () => {
  it("is a table with a short digest", () => {
    const text = statusText({
      environment: "staging",
      stack: "demo-staging",
      release: 3,
      lock: null,
      ...summarize(snapshot()),
    })
    expect(text.split("\n")[1]).toBe(
      "demo_backend  1/1      healthy  sha256:aaaaaaaaaaaa  2026-01-02T03:04:05Z  http://localhost:8080",
    )
  })

  it("says so when nothing is deployed", () => {
    const text = statusText({
      environment: "staging",
      stack: "demo-staging",
      release: 3,
      lock: null,
      ...summarize(nothing),
    })
    expect(text).toBe("staging: not deployed")
  })

  it.each([
    [snapshot({ services: [service({ updateState: "updating" })] }), "updating"],
    [snapshot({ containers: [container({ health: "unhealthy" })] }), "unhealthy"],
  ])("is the worst of its services' (%#)", (now, state) => {
    expect(summarize(now).state).toBe(state)
  })
})

describe("progress", () => {
  it("shows elapsed seconds, and a repeated line once", () => {
    let now = 0
    const lines: string[] = []
    const progress = progressTo(
      text => lines.push(text),
      () => now,
    )
    progress("a")
    now = 1234
    progress("a")
    progress("b")
    expect(lines).toEqual(["[   0.0s] a\n", "[   1.2s] b\n"])
  })
})
