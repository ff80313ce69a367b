import type { Image, ImageConfig } from "./archive.ts"
import type { Healthcheck } from "./healthcheck.ts"

const epoch = "1970-01-01T00:00:00Z"

/**
 * Lays an image's layers over those of its base, and takes the times out, so that its digest depends on its content
 * alone: the configuration's and the history's `created`. Puts back the health check that Dagger drops.
 */
export function normalise(image: Image, base: Image, healthcheck: Healthcheck | undefined): Image {
  const config = withoutTimes(onBase(image.config, base.config))
  if (healthcheck) config.config = { ...config.config, Healthcheck: healthcheck }
  const layers = [...base.manifest.layers, ...image.manifest.layers]
  return { manifest: { ...image.manifest, layers }, config }
}

function onBase(config: ImageConfig, base: ImageConfig): ImageConfig {
  const diffIds = [...base.rootfs.diff_ids, ...config.rootfs.diff_ids]
  const history = [...(base.history ?? []), ...(config.history ?? [])]
  return { ...config, rootfs: { ...config.rootfs, diff_ids: diffIds }, history }
}

function withoutTimes(config: ImageConfig): ImageConfig {
  const history = (config.history ?? []).map(entry => ({ ...entry, created: epoch }))
  return { ...config, created: epoch, history }
}
