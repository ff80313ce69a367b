import { describe, expect, it } from "vitest"
import { sameSpecification } from "../../../ci/deployer/specification.ts"

describe("comparing a task with its service", () => {
  it("ignores empty fields, the order of keys and the runtime", () => {
    const inTask = { A: { Image: "x", Env: ["B=1"] }, ForceUpdate: 0 }
    const inService = {
      Runtime: "container",
      A: { Env: ["B=1"], DNSConfig: {}, Image: "x", Privileges: { N: false } },
    }
    expect(sameSpecification(inTask, inService)).toBe(true)
  })

  it.each([{ A: ["1", "2"] }, { A: ["2"] }, { A: ["1"], B: true }, {}])("sees that %j differs", other => {
    expect(sameSpecification({ A: ["1"] }, other)).toBe(false)
  })
})
