import { describe, expect, it } from "vitest"
import { parseRequest } from "../../../../ci/deployer/cli.ts"
import { Json } from "../../../../ci/deployer/docker/parse.ts"
import { DeployError } from "../../../../ci/deployer/errors.ts"
import { isOld } from "../../../../ci/deployer/preflight.ts"
import { check } from "../../../../ci/deployer/readiness/check.ts"
import { clock, freeBytes } from "../../../../ci/deployer/readiness/host.ts"
import { registryOf } from "../../../../ci/deployer/readiness/release.ts"
import { readinessText } from "../../../../ci/deployer/readiness/report.ts"

describe("a check", () => {
  it("of what throws says what is missing and how to mend it", async () => {
    const failing = () => {
      throw new DeployError("DEPLOY_X", "no swarm", { why: "inactive", todo: "make one" })
    }
    expect(await check("swarm", failing)).toEqual({
      ...{ name: "swarm", state: "missing", found: "no swarm: inactive", fix: "make one" },
    })
  })

  it("of what rejects for a reason that nobody foresaw is missing as well", async () => {
    expect((await check("x", () => Promise.reject(new TypeError("oh")))).state).toBe("missing")
  })

  it("warns, or is content", async () => {
    expect(await check("x", () => ({ found: "off", warning: "put it on" }))).toMatchObject({
      state: "warning",
    })
    expect(await check("x", () => "there")).toMatchObject({ state: "ok", found: "there", fix: "" })
  })
})

it("is a table with one line a check, whatever Docker's words", () => {
  const text = readinessText({
    ...{ outcome: "done", environment: "staging" },
    checks: [{ name: "lock", state: "warning", found: "held\n  by x", fix: "wait" }],
  })
  expect(text.split("\n")).toEqual([
    "CHECK  STATE    FOUND      DO",
    "lock   warning  held by x  wait",
    "staging is ready for a release, 1 warning",
  ])
})

it.each([
  ["19.03.15", true],
  ["20.9.0", true],
  ["20.10.24+dfsg1", false],
  ["28.2.2", false],
  ["dev", false],
])("Docker %s is too old: %s", (version, old) => expect(isOld(version)).toBe(old))

it.each([
  ["Filesystem 1024-blocks Used Available Capacity Mounted on\noverlay 100 50 50 50% /\n", 51_200],
  ["Filesystem\noverlay 100 100 0 100% /\n", 0],
  ["", undefined],
])("the free space in %j is %s", (stdout, bytes) => {
  expect(freeBytes({ code: 0, stdout })).toBe(bytes)
  expect(freeBytes({ code: 1, stdout })).toBeUndefined()
})

it.each([
  ["2026-01-01T00:00:03Z", "differs by 3 s"],
  ["2026-01-01T00:10:00Z", expect.objectContaining({ found: "the target is 600 s ahead" })],
  ["2025-12-31T23:59:00Z", expect.objectContaining({ found: "the target is 60 s behind" })],
  ["", expect.objectContaining({ found: "Docker does not say its time" })],
])("the clock at %s", (SystemTime, finding) => {
  expect(clock(new Json({ SystemTime }), new Date("2026-01-01T00:00:00Z"))).toEqual(finding)
})

it.each([
  ["localhost:5000/lockstep/backend@sha256:1", "localhost:5000"],
  ["registry.example.com/a/b@sha256:1", "registry.example.com"],
  ["localhost/a@sha256:1", "localhost"],
  ["library/node@sha256:1", undefined],
  [undefined, undefined],
])("the registry of %s is %s", (reference, registry) => expect(registryOf(reference)).toBe(registry))

it.each(["-v", "a b", "host:port", "host:5000/x", "$(id)", "a\nb"])("refuses the registry %j", registry => {
  expect(() => parseRequest(["preflight", "--env", "staging", `--registry=${registry}`])).toThrowError(
    /--registry/,
  )
})
