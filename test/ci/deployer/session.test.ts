import { describe, expect, it } from "vitest"
import { isHalfway, watchedTasks } from "../../../ci/deployer/session.ts"
import type { Recorded } from "../../../ci/deployer/state/releases.ts"
import { before, service, snapshot, task } from "./fixtures.ts"

const endedWith = (outcome: string, code: string) =>
  ({ deployId: "d2", ended: { outcome, code } }) as Recorded
const updating = snapshot({ services: [service({ updateState: "updating" })] })

describe("a release whose way back is still to be gone", () => {
  const full = endedWith("rollback-failed", "DEPLOY_DISK_FULL")

  it("is one that met a full disk on its way, and is there yet, or was left by Swarm between the two", () => {
    expect(isHalfway(full, updating)).toBe(true)
    const paused = before.services.map(old => ({ ...old, updateState: "rollback_paused" }))
    expect(isHalfway(full, { ...before, services: paused })).toBe(true)
    expect(isHalfway(full, { ...before, tasks: [] })).toBe(true)
  })

  it("is none that Swarm has undone meanwhile", () => {
    expect(isHalfway(full, before)).toBe(false)
  })

  it.each([
    ["rollback-failed", "DEPLOY_UNHEALTHY"],
    ["rolled-back", "DEPLOY_DISK_FULL"],
    ["interrupted", ""],
  ])("is none that ended %s %s", (outcome, code) => {
    expect(isHalfway(endedWith(outcome, code), updating)).toBe(false)
  })
})

describe("the tasks that a release was watched with", () => {
  const tasks = [
    task({ id: "old", createdAt: "2026-01-02T03:04:06.5Z" }),
    task({ id: "replaced", createdAt: "2026-01-02T03:05:00.000000001Z" }),
  ]
  const watchedBy = (outcome: string) => {
    const object = { updatedAt: "2026-01-02T03:04:40.25Z" }
    return watchedTasks({ before: snapshot({ tasks }), running: { ended: { outcome }, object } as Recorded })
  }

  it("are those that were there when it ended, by Swarm's clock", () => {
    expect(watchedBy("deployed")).toEqual(new Set(["old"]))
  })

  it.each(["interrupted", "rolled-back"])("are none when it was not watched to its end: %s", outcome => {
    expect(watchedBy(outcome).size).toBe(0)
  })

  it("are none when nothing is known of what runs", () => {
    expect(watchedTasks({ before: snapshot({ tasks }), running: undefined }).size).toBe(0)
  })
})
