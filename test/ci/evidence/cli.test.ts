import { expect, it } from "vitest"
import { parseRequest } from "../../../ci/evidence/cli.ts"

const digest = `sha256:${"a".repeat(64)}`
const image = ["--image", `backend=lockstep/backend@${digest}`]
const registry = ["--registry", "registry:5000"]
const reading = ["verify", ...registry, ...image, "--reference", "r"]

it("reads what to attach, to verify and to compare", () => {
  const located = { name: "backend", repository: "lockstep/backend", digest }
  const files = ["--checks", "c", "--sealed", "s", "--sboms", "b"]
  expect(parseRequest(["attach", ...registry, ...image, ...files])).toEqual({
    ...{ verb: "attach", registry: "registry:5000", key: undefined, images: [located] },
    ...{ checks: "c", sealed: "s", provenance: undefined, sboms: "b" },
  })
  expect(parseRequest([...reading, "--key", "k", "--json"])).toEqual({
    ...{ verb: "verify", registry: "registry:5000", key: "k", image: located },
    ...{ reference: "r", maxAgeDays: 7, json: true },
  })
  expect(parseRequest(["compare", ...registry, ...image, "--promotion", "p"])).toEqual({
    ...{ verb: "compare", registry: "registry:5000", key: undefined, images: [located], promotion: "p" },
  })
})

const ages = ["0", "-1", "3651", "1e3", "7d"]
const wrong: readonly (readonly [string, readonly string[]])[] = [
  ["no verb", [...registry, ...image]],
  ["two verbs", ["attach", "verify", ...registry, ...image]],
  ["no image", ["verify", ...registry, "--reference", "r"]],
  ["an image by tag", ["verify", ...registry, "--image", "backend=lockstep/backend:1", "--reference", "r"]],
  ["no registry", ["verify", ...image, "--reference", "r"]],
  ["nothing to attach", ["attach", ...registry, ...image]],
  ["nothing to compare with", ["compare", ...registry, ...image]],
  ["an unknown flag", [...reading, "--force"]],
  ...ages.map(age => [`an age of ${age}`, [...reading, `--max-age=${age}`]] as const),
]

it.each(wrong)("refuses %s", (_, argv) => {
  const refused = expect.objectContaining({ code: "EVIDENCE_USAGE", outcome: "usage" })
  expect(() => parseRequest(argv)).toThrowError(refused)
})
