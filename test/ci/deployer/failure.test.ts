import { describe, expect, it } from "vitest"
import { explain } from "../../../ci/deployer/failure.ts"
import { container, service, task } from "./fixtures.ts"

const bindError =
  "starting container failed: driver failed programming external connectivity on endpoint gateway_dd5a: " +
  "Error starting userland proxy: listen tcp4 0.0.0.0:8080: bind: address already in use"

const mountBusy =
  "starting container failed: unable to remount dir as readonly: mount tmpfs:/var/lib/docker/containers/57e2/mounts/secrets, " +
  "flags: 0x21, data: uid=0,gid=0: device or resource busy"

describe("explaining a failed task", () => {
  it.each([
    [bindError, "DEPLOY_PORT_TAKEN"],
    ["no suitable node (host-mode port already in use on 1 node)", "DEPLOY_PORT_TAKEN"],
    ["No such image: app@sha256:1", "DEPLOY_IMAGE_UNAVAILABLE"],
    ["write /var/lib/docker/containers/0a75/hash976: no space left on device", "DEPLOY_DISK_FULL"],
    ["no suitable node (insufficient resources on 1 node)", "DEPLOY_NO_CAPACITY"],
    [mountBusy, "DEPLOY_MOUNT_BUSY"],
    ["task: non-zero exit (137): dockerexec: unhealthy container", "DEPLOY_UNHEALTHY"],
    ["task: non-zero exit (3)", "DEPLOY_CRASHED"],
  ])("%s is %s", (error, code) => {
    expect(explain(service(), task({ state: "failed", error })).code).toBe(code)
  })

  it.each(["assigned", "starting"])("knows a task whose node went away while it was %s", state => {
    const lost = task({ state, desired: "shutdown", error: "" })
    expect(explain(service(), lost).code).toBe("DEPLOY_NODE_LOST")
  })

  it("names the port and drops Docker's inner layers", () => {
    expect(explain(service(), task({ state: "failed", error: bindError }))).toMatchObject({
      message: "port 8080 is taken",
      why: "listen tcp4 0.0.0.0:8080: bind: address already in use",
    })
  })

  it("knows an unhealthy container whose process then ended well", () => {
    const sick = container({
      running: false,
      health: "unhealthy",
      failingStreak: 3,
      healthOutput: "health 500",
    })
    expect(explain(service(), task({ state: "complete", exitCode: 0 }), sick)).toMatchObject({
      code: "DEPLOY_UNHEALTHY",
      why: "exit code 0; health check: health 500",
    })
  })

  it("does not call a crashed container unhealthy, though Docker does", () => {
    const ended = container({ running: false, health: "unhealthy", failingStreak: 0 })
    expect(explain(service(), task({ state: "failed", exitCode: 3 }), ended).code).toBe("DEPLOY_CRASHED")
  })

  it("does not call a container unhealthy that crashed in the middle of a check", () => {
    const crashed = task({ state: "failed", exitCode: 3, error: "task: non-zero exit (3)" })
    expect(explain(service(), crashed, container({ running: false, failingStreak: 1 })).code).toBe(
      "DEPLOY_CRASHED",
    )
  })

  it("falls back to what Swarm says of the update", () => {
    const paused = service({ updateMessage: "update paused due to failure" })
    expect(explain(paused, undefined)).toMatchObject({
      code: "DEPLOY_UPDATE_FAILED",
      why: "update paused due to failure",
    })
  })
})
