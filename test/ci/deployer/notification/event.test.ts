import { describe, expect, it } from "vitest"
import { DeployError, exitCodes, type Outcome } from "../../../../ci/deployer/errors.ts"
import { type DeployEvent, notification } from "../../../../ci/deployer/notification/event.ts"

const event: DeployEvent = {
  environment: "staging",
  kind: "deploy",
  outcome: "done",
  release: 7,
  digests: { backend: "sha256:aa" },
  actor: "ada",
  seconds: 12.4,
  url: "http://localhost:8080",
}

describe("what a webhook is told", () => {
  it("is a text for people, and the same for programs", () => {
    expect(notification(event)).toEqual({
      text: "deploy of release 7 to staging by ada: done (12.4 s)\nhttp://localhost:8080",
      lockstep: { ...event, exitCode: 0 },
    })
  })

  it("leaves out what is not known", () => {
    const { release: _, actor: __, url: ___, ...known } = event
    expect(JSON.parse(JSON.stringify(notification(known)))).toEqual({
      text: "deploy to staging: done (12.4 s)",
      lockstep: { ...known, exitCode: 0 },
    })
  })

  it("is of an error its code and message: no log line, no reason, no cause", () => {
    const error = new DeployError("DEPLOY_UNHEALTHY", "backend failed its health check", {
      why: "s3cret in the reason",
      todo: "s3cret in the advice",
      evidence: ["s3cret in a log line"],
      cause: new Error("s3cret in the cause"),
    })
    const told = notification({ ...event, outcome: "rolled-back", error })
    expect(told.text).toBe(
      "deploy of release 7 to staging by ada: failed; the previous release runs again (12.4 s)\nDEPLOY_UNHEALTHY: backend failed its health check",
    )
    expect(told.lockstep).toMatchObject({
      outcome: "rolled-back",
      exitCode: 20,
      error: { code: "DEPLOY_UNHEALTHY", message: "backend failed its health check" },
    })
    expect(JSON.stringify(told)).not.toContain("s3cret")
  })

  it("is nothing that came along with the event by mistake", () => {
    expect(JSON.stringify(notification({ ...event, secrets: "s3cret" } as DeployEvent))).not.toContain(
      "s3cret",
    )
  })

  it("holds no words of an error that nobody foresaw", () => {
    const error = new DeployError("DEPLOY_INTERNAL", "s3cret", { why: "", todo: "", outcome: "internal" })
    expect(JSON.stringify(notification({ ...event, outcome: "internal", error }))).not.toContain("s3cret")
  })

  it("calls nobody's name, whatever the names in it are", () => {
    const { text } = notification({ ...event, actor: "<!channel>", kind: "a&b" })
    expect(text).toContain("a&amp;b of release 7 to staging by &lt;!channel&gt;")
  })

  it.each(Object.keys(exitCodes) as Outcome[])("has words for the outcome %s", outcome => {
    expect(notification({ ...event, outcome }).text).toMatch(
      /^deploy of release 7 to staging by ada: \w.+ \(12\.4 s\)/,
    )
  })
})
