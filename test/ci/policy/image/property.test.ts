import fc from "fast-check"
import { expect, test } from "vitest"
import { checkImage } from "../../../../ci/policy/image/check.ts"
import { runsOf } from "../runs.ts"
import { build, cleanImage } from "./images.ts"
import { mutation } from "./mutations.ts"

const runs = runsOf("Property 5, images")

test("Property 5, container security: an image that keeps every rule passes, also when a layer mends another", async () => {
  await fc.assert(
    fc.asyncProperty(cleanImage, async parts => {
      const { findings, traits } = await checkImage("backend", await build(parts))
      expect(findings).toEqual([])
      expect(traits).toEqual({ user: true, healthcheck: true })
    }),
    runs,
  )
})

test("Property 5, container security: an image that breaks a rule is told that rule and where, and no other", async () => {
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(cleanImage, mutation, async (parts, { code, names, apply }) => {
      const { findings } = await checkImage("backend", await build(apply(parts)))
      expect(new Set(findings.map(finding => finding.code))).toEqual(new Set([code]))
      expect(findings.map(finding => finding.what).join("\n")).toContain(names)
      seen.add(code)
    }),
    runs,
  )
  expect(seen.size).toBe(6)
})
