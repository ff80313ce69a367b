import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { dockerfileOf, imageNames } from "../../../../ci/src/lib/images.ts"
import { baseNames, baseOf, deviations, parseLock, renewed } from "../../../../ci/src/lib/lock.ts"

const [one, two] = ["1", "2"].map(digit => `sha256:${digit.repeat(64)}`) as [string, string]
const node = { name: "node:24", registry: "docker.io", digest: one }

describe("the base images", () => {
  test("are what Dockerfiles are made from, but for their own stages, arguments and scratch", () => {
    const text =
      "ARG RUN=a\nFROM node:24 AS a\nFROM --platform=linux/amd64 gcr.io/x:1 AS b\nFROM a\nFROM $RUN AS c\nFROM scratch"
    expect(baseNames([text, "from node:24"])).toEqual(["gcr.io/x:1", "node:24"])
  })

  test("of a stage that is not built do not count", () => {
    const text = "FROM node:24 AS slim\nFROM gcr.io/x:1 AS minimal\nFROM caddy:2"
    expect(baseNames([text], ["minimal"])).toEqual(["caddy:2", "node:24"])
  })

  test("of the project are all in its lock", () => {
    const names = baseNames(imageNames.map(name => readFileSync(dockerfileOf(name), "utf8")))
    const lock = JSON.parse(readFileSync("docker/images.lock.json", "utf8"))
    expect(names.length).toBeGreaterThan(2)
    expect(Object.keys(lock)).toEqual(names)
  })

  test("name the registry that gave them, or the kit", () => {
    const reference = `docker.io/library/node:24@${one}`
    expect(baseOf("node:24", reference, false)).toEqual(node)
    expect(baseOf("node:24", reference, true)).toEqual({ ...node, registry: "kit" })
  })
})

describe("the lock", () => {
  test("takes up new digests, keeps those of other registries and drops bases that are gone", () => {
    const lock = { "node:24": { kit: two, "docker.io": two }, "old:1": { kit: two } }
    expect(renewed(lock, [node])).toEqual({ "node:24": { kit: two, "docker.io": one } })
  })

  test("that is no JSON is named, with what to do", () => {
    expect(() => parseLock("<<<<<<< HEAD\n{}")).toThrow(
      /^error BUILD_LOCK_UNREADABLE: docker\/images.lock.json .*\n {2}why: .+\n {2}do: {2}.+/,
    )
    expect(parseLock("{}")).toEqual({})
  })

  test("deviates when the registry gives another digest, or one that was never locked", () => {
    expect(deviations({ "node:24": { "docker.io": one, kit: two } }, [node])).toEqual([])
    const [other] = deviations({ "node:24": { "docker.io": two } }, [node])
    expect(other).toBe("node:24 of docker.io is sha256:111111111111, the lock has sha256:222222222222")
    expect(deviations({ "node:24": { kit: one } }, [node])).toEqual([
      "node:24 of docker.io is sha256:111111111111, the lock has none of it",
    ])
  })
})
