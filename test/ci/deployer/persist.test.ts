import { expect, it, vi } from "vitest"
import type { Failure } from "../../../ci/deployer/failure.ts"
import { persist } from "../../../ci/deployer/persist.ts"
import type { Recovery } from "../../../ci/deployer/recovery.ts"
import type { Ending } from "../../../ci/deployer/rollout.ts"
import type { Change } from "../../../ci/deployer/session.ts"
import { before, nothing } from "./fixtures.ts"

const failure = (passes: boolean): Failure => ({
  ...{ code: "DEPLOY_MOUNT_BUSY", message: "", why: "", todo: "", evidence: [], passes },
})
const good: Ending = { now: before, switchSeconds: 1, probes: { sent: 0, failed: 0 } }
const passing: Ending = { ...good, failure: failure(true) }
const lasting: Ending = { ...good, failure: failure(false) }

function change(signal = new AbortController().signal): Change {
  const docker = async () => ({ code: 0, stdout: "", stderr: "" })
  const context = { docker, signal, progress: () => undefined }
  return { context, target: { stack: "demo" }, before } as unknown as Change
}

/** Ends each attempt as given, and counts. */
async function run(endings: Ending[], outcome: Recovery["outcome"] = "rolled-back", current = change()) {
  const attempt = vi.fn(async () => endings.shift() ?? passing)
  const goBack = vi.fn(async () => ({ outcome, words: "" }))
  const ending = await persist(current, attempt, goBack)
  return { ending, attempts: attempt.mock.calls, ways: goBack.mock.calls.length }
}

it("tries again what fails by a fault that passes, from what runs then", async () => {
  const { ending, attempts, ways } = await run([passing, good])
  expect(ending).toBe(good)
  expect(attempts).toEqual([[before], [{ ...nothing, nodes: [] }]])
  expect(ways).toBe(1)
})

it("gives up after three attempts, and leaves the last one's way back to its caller", async () => {
  const { ending, attempts, ways } = await run([])
  expect(ending).toBe(passing)
  expect([attempts.length, ways]).toEqual([3, 2])
})

it.each([good, lasting])("tries nothing again that went well, or would fail again", async ending => {
  expect(await run([ending])).toEqual({ ending, attempts: [[before]], ways: 0 })
})

it("does not go on from where the way back failed, nor when it is told to stop", async () => {
  expect((await run([], "rollback-failed")).attempts).toHaveLength(1)
  const signal = AbortSignal.abort()
  expect(await run([], "rolled-back", change(signal))).toMatchObject({ attempts: [[before]], ways: 0 })
})

it("does not try again when the lock is lost on the way back", async () => {
  const lock = new AbortController()
  const attempt = vi.fn(async () => passing)
  const goBack = async (): Promise<Recovery> => {
    lock.abort()
    return { outcome: "rolled-back", words: "" }
  }
  expect(await persist(change(lock.signal), attempt, goBack)).toBe(passing)
  expect(attempt).toHaveBeenCalledOnce()
})
