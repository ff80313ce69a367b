import { createHash } from "node:crypto"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { normaliseLayout } from "../../../ci/normaliser/normalise.ts"

function blob(dir: string, content: unknown): { mediaType: string; digest: string; size: number } {
  const text = JSON.stringify(content)
  const hex = createHash("sha256").update(text).digest("hex")
  writeFileSync(join(dir, "blobs", "sha256", hex), text)
  return { mediaType: "application/json", digest: `sha256:${hex}`, size: text.length }
}

/** A layout as the engine writes it, at the given time. */
function layout(created: string, content = "layer"): string {
  const dir = mkdtempSync(join(tmpdir(), "normalise-"))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  mkdirSync(join(dir, "blobs", "sha256"), { recursive: true })
  const config = {
    created,
    config: { User: "10001" },
    history: [{ created, created_by: "COPY" }, { created }],
  }
  const manifest = { schemaVersion: 2, config: blob(dir, config), layers: [blob(dir, content)] }
  const entry = { ...blob(dir, manifest), annotations: { "org.opencontainers.image.created": created } }
  writeFileSync(join(dir, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [entry] }))
  return dir
}

test("images that differ in their times only get the same digest", () => {
  const one = normaliseLayout(layout("2026-01-01T00:00:00Z"), undefined)
  expect(normaliseLayout(layout("2026-02-02T00:00:00Z"), undefined)).toBe(one)
  expect(normaliseLayout(layout("2026-01-01T00:00:00Z", "other"), undefined)).not.toBe(one)
})

test("every blob that the result names is there under its own digest, and no other is", () => {
  const dir = layout("2026-01-01T00:00:00Z")
  normaliseLayout(dir, { Test: ["CMD", "true"] })
  const files = readdirSync(join(dir, "blobs", "sha256"))
  for (const file of files) {
    const content = readFileSync(join(dir, "blobs", "sha256", file))
    expect(createHash("sha256").update(content).digest("hex")).toBe(file)
  }
  expect(files).toHaveLength(3)
})

test("the health check stands in the configuration beside what was there", () => {
  const dir = layout("2026-01-01T00:00:00Z")
  const digest = normaliseLayout(dir, { Test: ["CMD", "true"], Interval: 1 })
  const read = (name: string) => JSON.parse(readFileSync(join(dir, "blobs", "sha256", name.slice(7)), "utf8"))
  const { config } = read(read(digest).config.digest)
  expect(config).toEqual({ User: "10001", Healthcheck: { Test: ["CMD", "true"], Interval: 1 } })
})
