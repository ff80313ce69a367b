import { expect, test } from "vitest"
import { readNeeds } from "../../../ci/init/arguments.ts"

test("takes a path and names", () => {
  expect(readNeeds("/healthz", ["A", "DATABASE_URL"])).toEqual({
    readiness: "/healthz",
    secrets: ["A", "DATABASE_URL"],
  })
})

test.each(["", "health", "/a b", "/$(id)", '/"', "/a?b", "http://x/"])("refuses the path %j", path => {
  expect(() => readNeeds(path, [])).toThrow(expect.objectContaining({ code: "INIT_USAGE" }))
})

test.each(["", "token", "A-B", "1A", "A=1", "$A"])("refuses the name %j", name => {
  expect(() => readNeeds("/", [name])).toThrow(expect.objectContaining({ code: "INIT_USAGE" }))
})
