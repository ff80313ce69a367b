import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, expect, test } from "vitest"

const mostScriptBytes = 20 * 1024

let dir: string
let files: Map<string, Buffer>

async function build(name: string): Promise<Map<string, Buffer>> {
  const outDir = join(dir, name)
  const args = ["build", "--config", "app/frontend/vite.config.ts", "--outDir", outDir, "--logLevel", "warn"]
  await execa("vite", args, { preferLocal: true, env: { NODE_ENV: "production" } })
  const entries = await readdir(outDir, { recursive: true, withFileTypes: true })
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  const contents = paths
    .sort()
    .map(async path => [path.slice(outDir.length + 1), await readFile(path)] as const)
  return new Map(await Promise.all(contents))
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "lockstep-frontend-"))
  files = await build("first")
}, 120_000)

afterAll(() => rm(dir, { recursive: true, force: true }))

test("the scripts of the page stay small", () => {
  const scripts = [...files].filter(([path]) => path.endsWith(".js"))
  const bytes = scripts.reduce((sum, [, content]) => sum + content.length, 0)
  expect(bytes).toBeGreaterThan(0)
  expect(bytes).toBeLessThan(mostScriptBytes)
})

test("the same sources give the same files", { timeout: 120_000 }, async () => {
  expect(await build("second")).toEqual(files)
})

test("the page has nothing inline and names no other host", () => {
  const html = String(files.get("index.html"))
  expect(html).toContain('<script type="module" blocking="render"')
  expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/)
  for (const [path, content] of files) {
    const hosts = String(content).replaceAll("http://www.w3.org/2000/svg", "")
    expect(hosts, path).not.toMatch(/https?:\/\/|data:|\beval\(|innerHTML/)
  }
})
