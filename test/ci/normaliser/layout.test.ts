import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { type Image, readImage } from "../../../ci/normaliser/archive.ts"
import { writeLayout } from "../../../ci/normaliser/layout.ts"

const layer = "a layer's content"
const layerDigest = `sha256:${sha256(layer)}`
const image: Image = {
  manifest: {
    mediaType: "a/manifest",
    config: { mediaType: "a/config", digest: "", size: 0 },
    layers: [{ mediaType: "a/layer", digest: layerDigest, size: layer.length }],
  },
  config: { config: { User: "10001" }, rootfs: { type: "layers", diff_ids: ["sha256:d1"] } },
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex")
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "normaliser-"))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  return dir
}

/** A layout with the layer in it, and as the engine hands it out: as a tar file. */
function archive(): { dir: string; tarball: string } {
  const dir = join(folder(), "layout")
  mkdirSync(dir)
  writeLayout(dir, image)
  writeFileSync(join(dir, "blobs", "sha256", sha256(layer)), layer)
  const tarball = `${dir}.tar`
  execFileSync("tar", ["-cf", tarball, "-C", dir, ...readdirSync(dir)])
  return { dir, tarball }
}

test("every blob of a layout that is written is there under its own digest, and the index names the manifest", () => {
  const dir = folder()
  const digest = writeLayout(dir, image)
  const files = readdirSync(join(dir, "blobs", "sha256"))
  for (const file of files) expect(sha256(readFileSync(join(dir, "blobs", "sha256", file)))).toBe(file)
  expect(files).toHaveLength(2)
  expect(files).toContain(digest.slice("sha256:".length))
  expect(JSON.parse(readFileSync(join(dir, "index.json"), "utf8")).manifests).toMatchObject([{ digest }])
})

test("an image is read out of an archive as it was written", () => {
  const { manifest, config } = readImage(archive().tarball)
  expect(config).toEqual(image.config)
  expect(manifest.layers).toEqual(image.manifest.layers)
})

test("an archive with two images is refused", () => {
  const { dir, tarball } = archive()
  writeFileSync(
    join(dir, "index.json"),
    JSON.stringify({ manifests: [{ digest: "a:b" }, { digest: "a:c" }] }),
  )
  execFileSync("tar", ["-cf", tarball, "-C", dir, "index.json"])
  expect(() => readImage(tarball)).toThrow("expected one image, found 2")
})

test("the layers are put into the layout, and nothing else of the archives", () => {
  const dir = folder()
  writeLayout(dir, { ...image, config: { ...image.config, config: { User: "other" } } })
  const before = readdirSync(join(dir, "blobs", "sha256"))
  execFileSync(process.execPath, ["--import", "tsx", "ci/normaliser/assemble.ts", dir, archive().tarball])
  expect(readdirSync(join(dir, "blobs", "sha256")).sort()).toEqual([...before, sha256(layer)].sort())
  expect(readFileSync(join(dir, "blobs", "sha256", sha256(layer)), "utf8")).toBe(layer)
})
