import { describe, expect, it } from "vitest"
import { isHalfway } from "../../../ci/deployer/session.ts"
import type { Recorded } from "../../../ci/deployer/state/releases.ts"
import { before, service, snapshot } from "./fixtures.ts"

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
