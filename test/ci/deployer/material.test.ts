import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { parseSecrets, writeMaterial } from "../../../ci/deployer/material.ts"

const fileOf = (folder: string, name: string) => `file: $\{${folder}:?}/${name}`
const stackFile = ["TOKEN", "KEY"].map(name => fileOf("SECRETS_DIR", name)).join("\n")
let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "secrets-"))
})

afterEach(() => rm(dir, { recursive: true }))

async function written(text: string, stack = "demo-staging"): Promise<Record<string, string>> {
  const secretsFile = join(dir, "values")
  await writeFile(secretsFile, text)
  const given = { secretsFile, configFile: undefined }
  return { ...(await writeMaterial(stack, stackFile, given, join(dir, "files"))).versions }
}

describe("the secrets of a stack", () => {
  it("become files that nobody else can read, one that was not given holds a line end alone", async () => {
    await written("TOKEN=a=b c#'\n")
    expect(await readFile(join(dir, "files", "secrets", "TOKEN"), "utf8")).toBe("a=b c#'\n")
    expect(await readFile(join(dir, "files", "secrets", "KEY"), "utf8")).toBe("\n")
    expect((await stat(join(dir, "files", "secrets", "TOKEN"))).mode & 0o777).toBe(0o600)
  })

  it("have a version that changes with the value, and with nothing else of the file", async () => {
    const [one, same, other] = [
      await written("TOKEN=1"),
      await written("# x\n\nTOKEN=1\n"),
      await written("TOKEN=2"),
    ]
    expect(same).toEqual(one)
    expect(other.TOKEN_VERSION).not.toBe(one.TOKEN_VERSION)
    expect(other.KEY_VERSION).toBe(one.KEY_VERSION)
    expect((await written("TOKEN=1", "other-staging")).TOKEN_VERSION).not.toBe(one.TOKEN_VERSION)
    expect(one.TOKEN_VERSION).toMatch(/^[0-9a-f]{12}$/)
  })

  it("are refused when the stack file does not know one of them", async () => {
    await expect(written("TOKNE=1")).rejects.toMatchObject({
      code: "DEPLOY_SECRET_UNKNOWN",
      outcome: "usage",
    })
  })

  it.each(["", "\n", "# only words\n"])("are refused when there is none in %j", async text => {
    await expect(written(text)).rejects.toMatchObject({ code: "DEPLOY_SECRETS_EMPTY", outcome: "usage" })
  })

  it.each(["hunter2", "a=hunter2", "=hunter2", "A=1\nA=hunter2", " A=hunter2"])(
    "are refused as %j, unsaid",
    text => {
      const refused = expect.objectContaining({
        code: "DEPLOY_SECRETS_UNREADABLE",
        message: expect.not.stringContaining("hunter2"),
      })
      expect(() => parseSecrets(text)).toThrowError(refused)
    },
  )
})
