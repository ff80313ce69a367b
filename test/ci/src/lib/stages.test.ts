import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { dockerfileOf, imageNames } from "../../../../ci/src/lib/images.ts"
import { checkStages, imageBelow, withoutCertificates } from "../../../../ci/src/lib/stages.ts"

const begin = "FROM a AS base\nRUN x\nFROM base AS production\n"
const copy = "COPY --from=content / /\n"

test("the project's own Dockerfiles lay their content over their base", () => {
  for (const name of imageNames) checkStages(name, readFileSync(dockerfileOf(name), "utf8"))
})

test("the configuration may stand before and after the copy, and other stages behind it", () => {
  checkStages("D", `${begin}WORKDIR /app\n${copy}# RUN x\nUSER 1\nCMD ["RUN"]\nFROM base AS other\nRUN x\n`)
})

test.each([
  ["changes files besides", `${begin}${copy}RUN touch /x\n`, "found: COPY --from=content / /; RUN touch /x"],
  [
    "changes files besides, indented",
    `${begin}${copy}  add x /x`,
    "found: COPY --from=content / /; add x /x",
  ],
  ["copies from elsewhere", `${begin}COPY --from=builder / /\n`, "found: COPY --from=builder / /"],
  ["copies twice", `${begin}${copy}${copy}`, "found: COPY --from=content / /; COPY --from=content / /"],
  ["copies nothing", `${begin}USER 1\n`, "found: nothing"],
  [
    "stands on something else",
    `FROM a AS production\n${copy}`,
    'found: there is no "FROM base AS production"',
  ],
])("a stage that %s is refused", (_, text, found) => {
  expect(() => checkStages("D", text)).toThrow(
    /^error BUILD_STAGES: D has a stage .*\n {2}why: .+\n {2}do: {2}.+/,
  )
  expect(() => checkStages("D", text)).toThrow(found)
})

test.each(["docker/Dockerfile.backend", "docker/Dockerfile.frontend", "ci/init/files/Dockerfile.backend"])(
  "the secret for certificates is taken out of %s, and nothing else",
  file => {
    const written = readFileSync(file, "utf8")
    const lines = written.split("\n")
    const others = lines.filter(line => line !== "    --mount=type=secret,id=ca-certificates \\")
    expect(others.length).toBe(lines.length - 1)
    expect(withoutCertificates(written).replaceAll(/ +/g, " ")).toBe(others.join("\n").replaceAll(/ +/g, " "))
  },
)

test.each([
  ["backend", "slim", "node:24-bookworm-slim"],
  ["backend", "minimal", "gcr.io/distroless/nodejs24-debian12:nonroot"],
  ["frontend", "slim", "caddy:2.11.9"],
  ["edge", "slim", "caddy:2.11.9"],
] as const)("the base of the %s, %s, is an image as it is", (name, BACKEND_RUNTIME, image) => {
  const text = readFileSync(dockerfileOf(name), "utf8")
  expect(imageBelow(text, "base", { BACKEND_RUNTIME })).toBe(image)
})

test.each([
  ["changes files", "FROM a AS base\nRUN x\n"],
  ["changes files, indented and in small letters", "FROM a AS base\n  copy x /x\n"],
  ["stands on one that does", "FROM a AS below\nADD x /x\nFROM below AS base\nUSER 1\n"],
  ["is not there", "FROM a AS other\n"],
  ["begins with nothing", "FROM scratch AS base\n"],
  ["has a variable that nobody gives", "ARG X=a\nFROM $X AS base\n"],
  ["has a platform of its own", "FROM --platform=linux/arm64 a AS base\n"],
])("no image is all that a stage has which %s", (_, text) => {
  expect(imageBelow(text, "base", {})).toBeUndefined()
})

test("a stage may have the name of its image, and two may have one name: what stands before counts", () => {
  expect(imageBelow("FROM alpine AS alpine\nFROM alpine AS base\n", "base", {})).toBe("alpine")
  expect(imageBelow("FROM base AS base\n", "base", {})).toBe("base")
  expect(imageBelow("FROM a AS x\nFROM b AS x\nFROM x AS base\n", "base", {})).toBe("b")
  expect(imageBelow("FROM a AS x\nFROM x AS base\nFROM b AS x\nRUN x\n", "base", {})).toBe("a")
})

test("what a later stage does to files does not count", () => {
  expect(imageBelow("FROM a AS base\nENV X=1\nFROM base AS production\nRUN x\n", "base", {})).toBe("a")
})
