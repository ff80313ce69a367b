import { readFileSync } from "node:fs"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest"
import { defaults, problemsOf, readSettings } from "../../../../ci/engine/dev/settings.ts"

const composeFile = readFileSync("docker/docker-compose.dev.yml", "utf8")
const example = readFileSync(".env.example", "utf8")
const page = readFileSync("docs/deployment/environment-variables.md", "utf8")
const table = page.slice(page.indexOf("## The development environment"))

async function clone(env?: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "dev-settings-"))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  await mkdir(join(dir, "app"))
  if (env !== undefined) await writeFile(join(dir, ".env"), env)
  return dir
}

describe.each(Object.entries(defaults))("%s", (name, value) => {
  test("has the same default in the Compose file, wherever it stands", () => {
    const used = [...composeFile.matchAll(new RegExp(`\\$\\{${name}:-([^}]*)\\}`, "g"))].map(
      match => match[1],
    )
    expect(used.length).toBeGreaterThan(0)
    expect(new Set(used)).toEqual(new Set([value]))
  })

  test("is in .env.example with its default and a comment", () => {
    const [, comment, shown] = new RegExp(`^# (.+)\\n#${name}=(.*)$`, "m").exec(example) ?? []
    expect(comment).toMatch(/\w+/)
    expect(shown).toBe(value)
  })

  test("is in the table of variables with its default", () => {
    const row = table.split("\n").find(line => line.startsWith(`| \`${name}\` |`))
    expect(row?.split("|")[3]).toContain(`\`${value}\``)
  })
})

test("the Compose file has no other variable", () => {
  const used = [...composeFile.matchAll(/[^$]\$\{(\w+)/g)].map(match => match[1])
  expect([...new Set(used)].sort()).toEqual(Object.keys(defaults).sort())
})

describe("reading", () => {
  beforeEach(() => {
    for (const name of Object.keys(defaults)) vi.stubEnv(name, undefined)
  })
  afterEach(() => void vi.unstubAllEnvs())

  test("without a file gives the defaults, and what the machine says", async () => {
    const settings = await readSettings(await clone())
    expect(settings).toMatchObject({ PROJECT: "lockstep", DEV_PORT: "5173" })
    expect(settings.CA_CERTIFICATES).toMatch(/^\/etc\//)
  })

  test("takes .env, and the environment before it", async () => {
    const dir = await clone("PROJECT=shop\nDEV_PORT=6000\nDEV_DEBUG_PORT=\n")
    vi.stubEnv("DEV_PORT", "7000")
    expect(await readSettings(dir)).toMatchObject({
      PROJECT: "shop",
      DEV_PORT: "7000",
      DEV_DEBUG_PORT: "9229",
    })
  })

  test("refuses a file that cannot be read", async () => {
    const dir = await clone()
    await mkdir(join(dir, ".env"))
    await expect(readSettings(dir)).rejects.toMatchObject({ code: "KIT_DEV_SETTINGS" })
  })

  test("names everything that is wrong at once", async () => {
    const dir = await clone("PROJECT=Shop\nDEV_PORT=0\n")
    await expect(readSettings(dir)).rejects.toMatchObject({
      why: expect.stringMatching(/^PROJECT .+\nDEV_PORT .+$/),
    })
  })
})

describe("the rules", () => {
  test.each(["1", "80", "5173", "65535"])("port %s is one", DEV_PORT => {
    expect(problemsOf({ ...defaults, DEV_PORT })).toEqual([])
  })

  test.each(["0", "65536", "99999", "-1", "80a", ""])("port %j is none", DEV_PORT => {
    expect(problemsOf({ ...defaults, DEV_PORT })).toEqual([
      expect.stringContaining("DEV_PORT must be a port"),
    ])
  })

  test("two services cannot have the same port", () => {
    expect(problemsOf({ ...defaults, DEV_BACKEND_PORT: "5173" })).toEqual([
      "DEV_PORT and DEV_BACKEND_PORT must differ",
    ])
  })
})
