import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { checkStackFile } from "../../../../ci/policy/compose/check.ts"
import { imagesBring, variable } from "./stacks.ts"

const shipped = readFileSync("docker/docker-compose.prod.yml", "utf8")

function codes(text: string): string[] {
  return checkStackFile(text, imagesBring).map(({ code, subject }) => `${subject} ${code}`)
}

test("what a service takes over from an anchor counts, and what it sets itself counts more", () => {
  const named = shipped.replace("  backend:", "  backend: &backend")
  const copied = (more: string) =>
    named.replace("\nnetworks:\n", `\n  worker:\n    <<: *backend\n${more}\nnetworks:\n`)
  expect(copied("")).not.toBe(shipped)
  expect(codes(copied(""))).toEqual([])
  expect(codes(copied("    read_only: false\n"))).toEqual(["worker POLICY_READ_ONLY"])
})

test("a service with nothing but a name breaks every rule that asks for something", () => {
  expect(new Set(codes("services: { empty: }")).size).toBe(13)
})

test("what has another form than Compose knows is missing, and no crash", () => {
  for (const odd of ["[]", "text", "7", "[[a]]", "{ limits: [] }"]) {
    const text = `services: { a: { deploy: ${odd}, networks: ${odd}, volumes: ${odd}, environment: ${odd} } }`
    expect(codes(text)).toContain("a POLICY_LIMITS")
  }
})

test("a name twice in one mapping is an error: Docker and this program could read different ones", () => {
  expect(codes("services:\n  a: {}\n  a: {}\n")).toEqual(["services POLICY_INPUT"])
})

test("without a list of what images bring, the service has to say it", () => {
  const found = checkStackFile(shipped, new Map()).map(({ code, subject }) => `${subject} ${code}`)
  const each = (service: string) => [`${service} POLICY_HEALTHCHECK`, `${service} POLICY_USER`]
  expect(found).toEqual(["edge", "frontend", "backend"].flatMap(each))
  const other = shipped.replace(
    variable("BACKEND_IMAGE:?by digest, name@sha256:…"),
    variable("OTHER_IMAGE:?"),
  )
  expect(codes(other)).toEqual(["backend POLICY_HEALTHCHECK", "backend POLICY_USER"])
})

test("no finding repeats a secret", () => {
  const text = shipped.replace('PORT: "3000"', "DB_PASSWORD: hunter2\n      URL: https://user:hunter2@host/")
  const found = checkStackFile(text, imagesBring)
  expect(found.map(({ code }) => code)).toEqual(["POLICY_SECRET_VALUE", "POLICY_SECRET_VALUE"])
  expect(JSON.stringify(found)).not.toContain("hunter2")
})
