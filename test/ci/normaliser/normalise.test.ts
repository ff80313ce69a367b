import { describe, expect, test } from "vitest"
import type { Image } from "../../../ci/normaliser/archive.ts"
import { normalise } from "../../../ci/normaliser/normalise.ts"

const epoch = "1970-01-01T00:00:00Z"
const base = image("base", "2020-01-01T00:00:00Z")

/** An image with one layer, as the engine describes it at the given time. */
function image(name: string, created: string): Image {
  const blob = (what: string) => ({ mediaType: `a/${what}`, digest: `sha256:${name}-${what}`, size: 1 })
  return {
    manifest: { mediaType: "a/manifest", config: blob("config"), layers: [blob("layer")] },
    config: {
      created,
      config: { User: name },
      rootfs: { type: "layers", diff_ids: [`sha256:${name}-diff`] },
      history: [{ created, ...{ created_by: `COPY ${name}` } }],
    },
  }
}

describe("the normalised image", () => {
  test("is the same when the times alone differ, and another one when a layer does, be it the base's", () => {
    const one = normalise(image("own", "2026-01-01T00:00:00Z"), base, undefined)
    expect(normalise(image("own", "2026-02-02T00:00:00Z"), base, undefined)).toEqual(one)
    expect(normalise(image("own", epoch), image("base", epoch), undefined)).toEqual(one)
    expect(normalise(image("other", "2026-01-01T00:00:00Z"), base, undefined)).not.toEqual(one)
    expect(normalise(image("own", "2026-01-01T00:00:00Z"), image("other", epoch), undefined)).not.toEqual(one)
  })

  test("has its layers above those of the base, in the manifest as in the configuration", () => {
    const { manifest, config } = normalise(image("own", "2026-01-01T00:00:00Z"), base, undefined)
    expect(manifest.layers.map(({ digest }) => digest)).toEqual(["sha256:base-layer", "sha256:own-layer"])
    expect(config.rootfs).toEqual({ type: "layers", diff_ids: ["sha256:base-diff", "sha256:own-diff"] })
    expect(config.history).toEqual([
      { created: epoch, created_by: "COPY base" },
      { created: epoch, created_by: "COPY own" },
    ])
  })

  test("has the health check beside what the engine says of itself; that of the base counts for nothing", () => {
    const check = { Test: ["CMD", "true"], Interval: 1 }
    const { config } = normalise(image("own", epoch), base, check)
    expect(config.config).toEqual({ User: "own", Healthcheck: check })
  })
})
