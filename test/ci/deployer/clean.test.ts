import { expect, it } from "vitest"
import { otherUsers } from "../../../ci/deployer/clean.ts"
import { cleanedText } from "../../../ci/deployer/report.ts"
import { digest, image, oldImage, service } from "./fixtures.ts"

const release = (stack: string, reference: string) => ({
  ...{ stack, number: 7, images: [{ name: "backend", reference, digest }] },
})

it("leaves an image that another environment could go back to, or that a service has", () => {
  const users = otherUsers(
    "demo-staging",
    [release("demo-staging", oldImage), release("demo-prod", image)],
    [],
  )
  expect([...users]).toEqual([[image, "release 7 of demo-prod"]])
  expect(otherUsers("demo-staging", [], [service()]).get(image)).toBe("the service demo_backend")
})

it("says what was removed, and what was kept and why", () => {
  const removed = {
    ...{ releases: [1, 2], secrets: ["lockstep_X_1"], configs: [], networks: [] },
    ...{ volumes: ["demo-staging_certificates"], images: [image] },
  }
  const kept = [{ image: oldImage, why: "release 7 of demo-prod has it" }]
  const cleaned = { outcome: "done", environment: "staging", stack: "demo-staging", removed, kept } as const
  const rows = cleanedText(cleaned)
    .split("\n")
    .map(row => row.split(/ {2,}/))
  expect(rows).toEqual([
    ["WHAT", "NAME", "RESULT"],
    ["releases", "1, 2", "removed"],
    ["secret", "lockstep_X_1", "removed"],
    ["volume", "demo-staging_certificates", "removed"],
    ["image", image, "removed"],
    ["image", oldImage, "kept: release 7 of demo-prod has it"],
  ])
})
