import { expect, test } from "vitest"
import { isPinned } from "../../../../ci/policy/dockerfile/bases.ts"
import { checkDockerfile } from "../../../../ci/policy/dockerfile/check.ts"

const ending = "USER 1\nHEALTHCHECK CMD true\n"

function codes(text: string, target?: string): string[] {
  return checkDockerfile(text, target).findings.map(({ code, subject }) => `${subject} ${code}`)
}

test("user and health check may come from the stage that the target is made from", () => {
  expect(codes(`FROM node:24 AS base\n${ending}FROM Base AS production\nCMD x`)).toEqual([])
  expect(codes(`FROM node:24 AS base\n${ending}FROM base AS production\nUSER root`)).toEqual([
    "production POLICY_USER",
  ])
  expect(codes(`FROM node:24 AS other\n${ending}FROM node:24 AS production`)).toEqual([
    "production POLICY_USER",
    "production POLICY_HEALTHCHECK",
  ])
})

test("a stage with the name of the image that it is made from is no base of itself", () => {
  expect(codes(`FROM node:24 AS node\nFROM node:24 AS production\n${ending}`)).toEqual([])
  expect(codes(`FROM node AS node\n${ending}`)).toEqual(["node POLICY_BASE_UNPINNED"])
})

test("what apt-get leaves behind counts in stages that become the image, and in no others", () => {
  const install = "RUN apt-get update && apt-get install -y git\n"
  const twice = ["production POLICY_APT", "production POLICY_APT"]
  expect(codes(`FROM debian:12 AS base\n${install}FROM base AS production\n${ending}`)).toEqual(twice)
  expect(codes(`FROM debian:12 AS builder\n${install}FROM debian:12 AS production\n${ending}`)).toEqual([])
})

test("the target is judged, wherever it stands; without one it is the last stage", () => {
  const text = `FROM node:24 AS production\n${ending}FROM node:24 AS debug\n`
  expect(codes(text, "production")).toEqual([])
  expect(codes(text)).toEqual(["debug POLICY_USER", "debug POLICY_HEALTHCHECK"])
})

test("a target that is not there, and a file without stages, are findings", () => {
  expect(codes(`FROM node:24\n${ending}`, "production")).toEqual(["production POLICY_INPUT"])
  expect(codes("# nothing")).toEqual(["FROM POLICY_INPUT"])
})

test("the default of a build argument counts as the base's tag", () => {
  expect(codes(`ARG VERSION=24\nFROM node:\${VERSION}-slim\n${ending}`)).toEqual([])
  expect(codes(`ARG VERSION=latest\nFROM node:$VERSION\n${ending}`)).toEqual(["0 POLICY_BASE_UNPINNED"])
})

test("a finding names the line and hides the secret", () => {
  const { findings } = checkDockerfile(`FROM node:24\nENV A=1 \\\n  DB_PASSWORD=hunter2\n${ending}`)
  expect(findings.map(({ what }) => what)).toEqual(["line 2: DB_PASSWORD holds a secret by its name"])
})

test.each([
  ["node:24-bookworm-slim", true],
  ["registry:5000/node:v1.2.3", true],
  [`node:latest@sha256:${"a".repeat(64)}`, true],
  ["scratch", true],
  ["node", false],
  ["node:latest", false],
  ["node:lts", false],
  ["node:bookworm", false],
  ["registry:5000/node", false],
])("%s is pinned: %s", (image, pinned) => expect(isPinned(image)).toBe(pinned))
