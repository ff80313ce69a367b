import { createHash } from "node:crypto"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { describe, expect, onTestFinished, test } from "vitest"
import { checkImage } from "../../../../ci/policy/image/check.ts"
import { openLayout } from "../../../../ci/policy/image/layout.ts"
import { archive, file } from "./images.ts"

const plainTar = "application/vnd.oci.image.layer.v1.tar"
const config = { config: { User: "1", Healthcheck: { Test: ["CMD", "true"] } } }

/** A layout with the given layers, as a build writes it. */
async function layout(...layers: { mediaType: string; bytes: Buffer }[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "policy-"))
  onTestFinished(() => rm(dir, { recursive: true }))
  const blobs = join(dir, "blobs", "sha256")
  await mkdir(blobs, { recursive: true })
  const blob = async (bytes: Buffer, mediaType = "application/json") => {
    const hex = createHash("sha256").update(bytes).digest("hex")
    await writeFile(join(blobs, hex), bytes)
    return { mediaType, digest: `sha256:${hex}` }
  }
  const json = (value: unknown) => blob(Buffer.from(JSON.stringify(value)))
  const descriptors = await Promise.all(layers.map(({ bytes, mediaType }) => blob(bytes, mediaType)))
  const manifest = await json({ config: await json(config), layers: descriptors })
  await writeFile(join(dir, "index.json"), JSON.stringify({ manifests: [manifest] }))
  return dir
}

async function findings(dir: string): Promise<string[]> {
  const result = await checkImage("backend", await openLayout(dir))
  return result.findings.map(({ code, what }) => `${code} ${what}`)
}

describe("an OCI layout", () => {
  test("is read with compressed and with plain layers", async () => {
    const secret = Buffer.concat(await archive([file("app/.env")]))
    const other = Buffer.concat(await archive([file("app/.wh..env"), file("bin/su", { mode: 0o4755 })]))
    const dir = await layout(
      { mediaType: `${plainTar}+gzip`, bytes: gzipSync(secret) },
      { mediaType: plainTar, bytes: other },
    )
    expect(await findings(dir)).toEqual([
      "POLICY_SECRET_FILE layer 1: /app/.env is a file for secrets by its name",
      "POLICY_SETUID /bin/su is setuid",
    ])
  })

  test("that is cut off is an error and no clean image", async () => {
    const whole = gzipSync(Buffer.concat(await archive([file("a", { content: "x".repeat(5000) })])))
    await expect(
      findings(await layout({ mediaType: `${plainTar}+gzip`, bytes: whole.subarray(0, 60) })),
    ).rejects.toThrow()
    const tar = Buffer.concat(await archive([file("a", { content: "x".repeat(5000) })]))
    await expect(
      findings(await layout({ mediaType: plainTar, bytes: tar.subarray(0, 2000) })),
    ).rejects.toThrow()
  })

  test("with a layer in an unknown form is an error and no clean image", async () => {
    const dir = await layout({ mediaType: `${plainTar}+zstd`, bytes: Buffer.from("x") })
    await expect(findings(dir)).rejects.toThrow("which is not known here")
  })
})
