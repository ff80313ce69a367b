import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { healthcheckOf } from "../../../ci/normaliser/healthcheck.ts"

describe("the health check of a Dockerfile's target", () => {
  test("is read with its options, in nanoseconds", () => {
    const text =
      'FROM a AS production\nHEALTHCHECK --interval=1m30s --timeout=500ms --start-period=2s --retries=4 \\\n  CMD ["node", "-e", "1"]\n'
    expect(healthcheckOf(text, "production")).toEqual({
      ...{ Test: ["CMD", "node", "-e", "1"], Interval: 90e9, Timeout: 5e8, StartPeriod: 2e9, Retries: 4 },
    })
  })

  test("in the shell form is given to the shell", () => {
    expect(healthcheckOf("FROM a AS x\nHEALTHCHECK CMD curl -f http://localhost/ || exit 1", "x")).toEqual({
      Test: ["CMD-SHELL", "curl -f http://localhost/ || exit 1"],
    })
  })

  test("is that of the stage which it is made from, unless it has its own", () => {
    const text =
      "FROM a AS base\nHEALTHCHECK CMD one\nFROM base AS child\nFROM base AS own\nHEALTHCHECK CMD two"
    expect(healthcheckOf(text, "child")?.Test).toEqual(["CMD-SHELL", "one"])
    expect(healthcheckOf(text, "own")?.Test).toEqual(["CMD-SHELL", "two"])
  })

  test("is nothing for another stage, for NONE, and for one in a comment", () => {
    const text =
      "FROM a AS first\nHEALTHCHECK CMD one\nFROM a AS plain\n# HEALTHCHECK CMD x\nFROM first AS none\nHEALTHCHECK NONE"
    expect(healthcheckOf(text, "plain")).toBeUndefined()
    expect(healthcheckOf(text, "none")).toBeUndefined()
  })

  test("is refused when it cannot be read, rather than lost", () => {
    expect(() => healthcheckOf("FROM a AS x\nHEALTHCHECK --interval=soon CMD y", "x")).toThrow(
      "not a duration: soon",
    )
    expect(() => healthcheckOf("FROM a AS x\nHEALTHCHECK --fast=1 CMD y", "x")).toThrow("not known here")
    expect(() => healthcheckOf("FROM a AS x", "y")).toThrow('no stage "y"')
  })

  test("is there in the project's own Dockerfile", () => {
    expect(healthcheckOf(readFileSync("docker/Dockerfile.backend", "utf8"), "production")?.Test[0]).toBe(
      "CMD",
    )
  })
})
