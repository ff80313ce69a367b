import { describe, expect, it } from "vitest"
import {
  Json,
  jsonLines,
  parseContainer,
  parseImage,
  parseNode,
  parseService,
  parseTask,
} from "../../../ci/deployer/docker/parse.ts"

const port = { Protocol: "tcp", TargetPort: 3000, PublishedPort: 8080, PublishMode: "host" }

describe("parsing docker's output", () => {
  it("passes over lines that are not JSON, such as a hint of the CLI", () => {
    expect(
      jsonLines('Since --detach=false …\n{"a":1}\n\n{"a":2}\n').map(json => json.at("a").number),
    ).toEqual([1, 2])
  })

  it("reads a service that is being updated", () => {
    const parsed = parseService(
      new Json({
        ID: "s1",
        Spec: {
          Name: "demo_backend",
          Labels: { "io.lockstep.env": "staging" },
          TaskTemplate: { ContainerSpec: { Image: "app@sha256:1" } },
          Mode: { Replicated: { Replicas: 3 } },
          EndpointSpec: { Ports: [port] },
        },
        UpdateStatus: { State: "updating", Message: "update in progress" },
      }),
    )
    expect(parsed).toMatchObject({ name: "demo_backend", wanted: 3, ports: [8080], updateState: "updating" })
  })

  it("reads a service of which Docker says next to nothing", () => {
    expect(parseService(new Json({ ID: "s1" }))).toMatchObject({
      labels: {},
      ports: [],
      updateState: undefined,
    })
  })

  it("counts a port once that is bound for IPv4 and for IPv6", () => {
    const parsed = parseTask(
      new Json({ ID: "t1", Status: { State: "running", PortStatus: { Ports: [port, port] } } }),
    )
    expect(parsed.ports).toEqual([8080])
  })

  it.each([
    ["Ready", false],
    ["Unknown", false],
    ["Down", true],
  ])("reads a node that is %s", (Status, isDown) => {
    expect(parseNode(new Json({ ID: "n1", Status, Self: true }))).toEqual({ id: "n1", isDown, isSelf: true })
    expect(parseNode(new Json({ ID: "n1", Status })).isSelf).toBe(false)
  })

  it("keeps what the last failed health check printed", () => {
    const log = [
      { ExitCode: 1, Output: "health 500\n" },
      { ExitCode: 0, Output: "fine" },
    ]
    const state = { Running: true, Health: { Status: "unhealthy", FailingStreak: 2, Log: log } }
    expect(parseContainer(new Json({ Id: "c1", State: state }))).toMatchObject({
      health: "unhealthy",
      healthOutput: "health 500",
    })
  })

  it("fills in Docker's defaults of a health check", () => {
    const parsed = parseImage(new Json({ Config: { Healthcheck: { Test: ["CMD", "true"], Interval: 2e9 } } }))
    expect(parsed.health).toEqual({
      startPeriodSeconds: 0,
      intervalSeconds: 2,
      timeoutSeconds: 30,
      retries: 3,
    })
  })

  it.each([{}, { Config: { Healthcheck: { Test: ["NONE"] } } }])(
    "sees that %j has no health check",
    inspected => {
      expect(parseImage(new Json(inspected)).health).toBeUndefined()
    },
  )
})
