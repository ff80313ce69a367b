import fc from "fast-check"
import { expect, test } from "vitest"
import { checkDockerfile } from "../../../../ci/policy/dockerfile/check.ts"
import { runsOf } from "../runs.ts"
import { cleanParts, mutation, write } from "./dockerfiles.ts"

const runs = runsOf("Property 5, Dockerfiles")

test("Property 5, container security: a Dockerfile that keeps every rule passes", () => {
  fc.assert(
    fc.property(cleanParts, parts => {
      const { findings, traits } = checkDockerfile(write(parts), "production")
      expect(findings).toEqual([])
      expect(traits).toEqual({ user: true, healthcheck: true })
    }),
    runs,
  )
})

test("Property 5, container security: a Dockerfile that breaks a rule is told that rule, and no other", () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(cleanParts, mutation, (parts, { code, apply }) => {
      const { findings } = checkDockerfile(write(apply(parts)))
      expect(new Set(findings.map(finding => finding.code))).toEqual(new Set([code]))
      seen.add(code)
    }),
    runs,
  )
  expect(seen.size).toBe(7)
})
