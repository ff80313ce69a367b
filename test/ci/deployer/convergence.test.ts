import { describe, expect, it } from "vitest"
import { assess, consistsOf, isHeldUp } from "../../../ci/deployer/convergence.ts"
import type { Snapshot } from "../../../ci/deployer/docker/model.ts"
import { before, container, image, node, nothing, oldImage, service, snapshot, task } from "./fixtures.ts"

const first = (now: Snapshot) => assess(now, { deployId: "d2", before: nothing, elapsedSeconds: 1 })
const later = (now: Snapshot, elapsedSeconds = 1) => assess(now, { deployId: "d2", before, elapsedSeconds })
const leaving = task({ id: "t1", image: oldImage, containerId: "c1", desired: "shutdown" })

describe("a first release", () => {
  it("has converged when its task runs and its container is healthy", () => {
    expect(first(snapshot())).toEqual({ kind: "converged" })
  })

  it("waits while the container is starting", () => {
    const now = snapshot({ containers: [container({ health: "starting" })] })
    expect(first(now)).toEqual({ kind: "waiting", detail: "demo_backend: 0 of 1 healthy", serving: false })
  })

  it.each(["failed", "rejected", "complete"])("has failed as soon as a task is %s", state => {
    const broken = task({ id: "t3", state, desired: "shutdown" })
    expect(first(snapshot({ tasks: [broken, task()] }))).toMatchObject({ kind: "failed", task: { id: "t3" } })
  })

  it("is stuck when no node has room for it", () => {
    const pending = task({ state: "pending", error: "no suitable node (insufficient resources on 1 node)" })
    expect(first(snapshot({ tasks: [pending] }))).toMatchObject({ kind: "stuck" })
  })
})

describe("a later release", () => {
  it("has not converged while Swarm still watches its tasks", () => {
    const now = snapshot({ services: [service({ updateState: "updating" })] })
    expect(later(now)).toEqual({
      kind: "waiting",
      detail: "demo_backend: 1 of 1 healthy, watched for a while",
      serving: true,
    })
  })

  it("does not take the tasks of the release before for its own", () => {
    expect(later({ ...before, services: [service()] })).toMatchObject({ kind: "waiting" })
  })

  it("does not take tasks of the same image but other settings for its own, before Swarm replaces them", () => {
    const changed = service({ template: { ContainerSpec: { Image: image, Env: ["LOG_LEVEL=debug"] } } })
    expect(later(snapshot({ services: [changed] }))).toMatchObject({ kind: "waiting" })
  })

  it("does not wait for ever when Docker reports the same settings in two forms", () => {
    const changed = service({ template: { ContainerSpec: { Image: image, New: "default" } } })
    expect(later(snapshot({ services: [changed] }), 60)).toEqual({ kind: "converged" })
  })

  it("does not take a task on another port for its own", () => {
    expect(later(snapshot({ services: [service({ ports: [9090] })] }))).toMatchObject({ kind: "waiting" })
  })

  it("takes a task whose ports nobody knows for its own, once Swarm would have begun to replace it", () => {
    const now = snapshot({ tasks: [task({ ports: [] })] })
    expect(later(now)).toMatchObject({ kind: "waiting" })
    expect(later(now, 60)).toEqual({ kind: "converged" })
  })

  it("leaves a failed task to Swarm, which goes back by itself", () => {
    const broken = task({ id: "t3", state: "failed", desired: "shutdown" })
    const now = snapshot({ services: [service({ updateState: "updating" })], tasks: [broken] })
    expect(later(now)).toMatchObject({ kind: "waiting" })
  })

  it("has failed when the service carries the id of the deploy before again", () => {
    const broken = task({ state: "complete", desired: "shutdown" })
    const now = snapshot({ services: before.services, tasks: [broken, ...before.tasks] })
    expect(later(now)).toMatchObject({ kind: "failed", task: { id: "t2" } })
  })

  it.each(["paused", "rollback_started", "rollback_paused"])("has failed when Swarm says %s", updateState => {
    expect(later(snapshot({ services: [service({ updateState })] }))).toMatchObject({ kind: "failed" })
  })

  it("is not stuck while the old task has yet to leave its port", () => {
    const pending = task({
      state: "pending",
      error: "no suitable node (host-mode port already in use on 1 node)",
    })
    const services = [service({ updateState: "updating" })]
    expect(later(snapshot({ services, tasks: [pending, leaving] }))).toMatchObject({ kind: "waiting" })
    const left = { ...leaving, state: "shutdown" }
    expect(later(snapshot({ services, tasks: [pending, left] }))).toMatchObject({ kind: "stuck" })
    const gone = { ...leaving, nodeId: "lost" }
    expect(later(snapshot({ services, tasks: [pending, gone] }))).toMatchObject({ kind: "stuck" })
  })

  it("does not wait for a task that Swarm gave up before it had a node", () => {
    const abandoned = task({ id: "t0", state: "pending", desired: "shutdown", error: "no suitable node" })
    expect(later(snapshot({ tasks: [abandoned, task()] }))).toEqual({ kind: "converged" })
  })

  describe.each(["assigned", "accepted", "preparing", "ready", "starting"])(
    "with a task that is %s",
    state => {
      const given = task({ id: "t3", state, desired: "shutdown", nodeId: "n2" })
      const nodes = [node(), node({ id: "n2", isSelf: false, isDown: true })]
      const services = [service({ updateState: "updating" })]
      const updating = snapshot({ services, tasks: [given, task()], nodes })

      it("is stuck when Swarm gave it up with its node, until Swarm is done", () => {
        expect(later(updating)).toMatchObject({ kind: "stuck", task: { id: "t3" } })
        expect(later({ ...updating, services: [service()] })).toEqual({ kind: "converged" })
      })

      it("is stuck as well when its node was removed from the swarm", () => {
        expect(later({ ...updating, nodes: [node()] })).toMatchObject({ kind: "stuck", task: { id: "t3" } })
      })

      it("waits when its node is there, which will stop it", () => {
        expect(later({ ...updating, nodes: [node(), node({ id: "n2", isSelf: false })] })).toMatchObject({
          kind: "waiting",
        })
      })

      it("waits for Swarm to give it up, as a node may come back", () => {
        const tasks = [{ ...given, desired: "running" }, task()]
        expect(later({ ...updating, tasks })).toMatchObject({ kind: "waiting" })
      })
    },
  )

  it("does not wait for what ran on a node that is lost", () => {
    const left = task({ id: "t3", desired: "shutdown", nodeId: "n2" })
    expect(later(snapshot({ tasks: [left, task()] }))).toEqual({ kind: "converged" })
  })

  it("has failed as a whole when one of two services has", () => {
    const other = service({ id: "s2", name: "demo_frontend", updateState: "rollback_started" })
    expect(later(snapshot({ services: [service(), other] }))).toMatchObject({
      kind: "failed",
      service: { id: "s2" },
    })
  })
})

describe("a way back that Swarm holds up", () => {
  const next = task({ id: "t4", state: "ready", desired: "ready" })

  it("is one with a task that was given up before it had a node", () => {
    const abandoned = task({ id: "t3", state: "pending", desired: "shutdown" })
    expect(isHeldUp(service(), [abandoned, next])).toBe(true)
  })

  it("is not one that only waits for the old task to stop", () => {
    expect(isHeldUp(service(), [leaving, next])).toBe(false)
  })
})

describe("a release of tasks that ran before", () => {
  const known = new Set(["t2"])

  it("has no other one that is to run", () => {
    const leaving = task({ id: "t1", desired: "shutdown" })
    expect(consistsOf(snapshot({ tasks: [task(), leaving] }), known)).toBe(true)
  })

  it("is none as soon as Swarm adds one or replaces one, whatever its state", () => {
    const added = task({ id: "t3", state: "new" })
    expect(consistsOf(snapshot({ tasks: [task(), added] }), known)).toBe(false)
    expect(consistsOf(snapshot({ tasks: [task({ desired: "shutdown" }), added] }), known)).toBe(false)
  })
})
