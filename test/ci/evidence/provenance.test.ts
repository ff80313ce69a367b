import { expect, it } from "vitest"
import { provenance, sourceIn } from "../../../ci/evidence/provenance.ts"

const origin = {
  image: { name: "backend", digest: `sha256:${"a".repeat(64)}` },
  ...{ commit: "c".repeat(40), dirty: false, runtime: "slim", engine: "v0.19.10" },
  bases: [{ name: "node:24-bookworm-slim", registry: "kit", digest: `sha256:${"b".repeat(64)}` }],
}

it("says what the image was built from, and by what", () => {
  expect(provenance(origin)).toEqual({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "backend", digest: { sha256: "a".repeat(64) } }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "urn:lockstep:build:v1",
        externalParameters: { image: "backend", runtime: "slim" },
        internalParameters: { daggerEngine: "v0.19.10" },
        resolvedDependencies: [
          { name: "source", digest: { gitCommit: "c".repeat(40) }, annotations: { dirty: false } },
          {
            name: "node:24-bookworm-slim",
            digest: { sha256: "b".repeat(64) },
            annotations: { registry: "kit" },
          },
        ],
      },
      runDetails: {
        builder: { id: "urn:lockstep:builder:own-engine" },
        lockstep_claim: expect.stringContaining("no SLSA level is claimed"),
      },
    },
  })
})

it("says the same of the same build, whenever it is made", () => {
  expect(JSON.stringify(provenance(origin))).toBe(JSON.stringify(provenance({ ...origin })))
  expect(JSON.stringify(provenance(origin))).not.toMatch(/\d{4}-\d\d-\d\dT/)
})

it("does not hide that files were not those of the commit", () => {
  expect(sourceIn(provenance(origin).predicate)).toBe("commit cccccccccccc")
  expect(sourceIn(provenance({ ...origin, dirty: true }).predicate)).toBe("commit cccccccccccc, dirty")
})

it.each([null, {}, { buildDefinition: null }, { buildDefinition: { resolvedDependencies: [null, 1] } }])(
  "finds no commit in %j",
  predicate => expect(sourceIn(predicate)).toBeUndefined(),
)
