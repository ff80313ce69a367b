import { describe, expect, it } from "vitest"
import * as commands from "../../../ci/deployer/docker/commands.ts"

describe("the docker commands", () => {
  it("deploy a stack with registry credentials and exactly the given digest", () => {
    expect(commands.stackDeploy("demo-staging", "20.10.24+dfsg1").join(" ")).toBe(
      "stack deploy --with-registry-auth --resolve-image never -c - demo-staging",
    )
  })

  it("tell newer clients not to wait", () => {
    expect(commands.stackDeploy("demo-staging", "28.2.2")).toContain("--detach=true")
  })

  it("look at the services of one stack only, or at all of them", () => {
    expect(commands.serviceList("demo-staging").join(" ")).toBe(
      "service ls --filter label=com.docker.stack.namespace=demo-staging --quiet",
    )
    expect(commands.serviceList()).toEqual(["service", "ls", "--quiet"])
  })
})
