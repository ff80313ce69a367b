import { describe, expect, it } from "vitest"
import { labels } from "../../../ci/deployer/environments.ts"
import { assessReturn, recoveryCommands, repeatCommands } from "../../../ci/deployer/recovery.ts"
import { before, service, snapshot, task } from "./fixtures.ts"

describe("undoing a later release", () => {
  it("sends back a service that still carries the failed deploy's id", () => {
    expect(recoveryCommands(before.services, [service()], "d2")).toEqual([
      ["service", "rollback", "--detach", "s1"],
    ])
  })

  it("leaves alone what Swarm has sent back already", () => {
    expect(recoveryCommands(before.services, before.services, "d2")).toEqual([])
  })

  it("removes a service that the failed deploy brought", () => {
    const brought = service({ id: "s2" })
    expect(recoveryCommands(before.services, [...before.services, brought], "d2")).toEqual([
      ["service", "rm", "s2"],
    ])
  })
})

describe("going on with a way back that met a full disk", () => {
  const back = before.services[0] ?? service()

  it("restarts a service that Swarm sent back, and whose tasks do not all serve", () => {
    const starting = before.tasks.map(old => ({ ...old, state: "accepted" }))
    const now = { ...before, tasks: starting }
    expect(repeatCommands(now, "d2")).toEqual([
      ["service", "update", "--force", "--detach", "--quiet", back.id],
    ])
  })

  it("leaves alone what serves, and what has yet to be sent back", () => {
    expect(repeatCommands(before, "d2")).toEqual([])
    expect(repeatCommands(snapshot({ tasks: [] }), "d2")).toEqual([])
  })
})

describe("the return to the previous release", () => {
  const previous = before.services[0] ?? service()

  it("is complete when its tasks run its image and are healthy", () => {
    const services = [{ ...previous, updateState: "rollback_completed" }]
    expect(assessReturn({ ...before, services }, before.services, "d2")).toBe("returned")
  })

  it("waits while Swarm still watches the old tasks", () => {
    const services = [{ ...previous, updateState: "rollback_started" }]
    expect(assessReturn({ ...before, services }, before.services, "d2")).toBe("waiting")
  })

  it("waits while the new image still runs", () => {
    const now = snapshot({ services: [previous], tasks: [task()] })
    expect(assessReturn(now, before.services, "d2")).toBe("waiting")
  })

  it("has failed when Swarm gave it up, or when the service is gone", () => {
    const services = [{ ...previous, updateState: "rollback_paused" }]
    expect(assessReturn({ ...before, services }, before.services, "d2")).toBe("failed")
    expect(assessReturn({ ...before, services: [] }, before.services, "d2")).toBe("failed")
  })

  it("is not complete as long as the service carries the failed deploy's id", () => {
    const services = [{ ...previous, labels: { ...previous.labels, [labels.deployId]: "d2" } }]
    expect(assessReturn({ ...before, services }, before.services, "d2")).toBe("waiting")
  })
})
