import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { parseSecrets, writeSecrets } from "../../../ci/deployer/secrets.ts"

const stackFile = ["TOKEN", "KEY"].map(name => `name: demo_${name}_$` + `{${name}_VERSION:?}`).join("\n")
let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "secrets-"))
})

afterEach(() => rm(dir, { recursive: true }))

async function written(text: string, stack = "demo-staging"): Promise<Record<string, string>> {
  await writeFile(join(dir, "values"), text)
  return await writeSecrets(stack, stackFile, join(dir, "values"), join(dir, "files"))
}

describe("the secrets of a stack", () => {
  it("become files that nobody else can read, one that was not given holds a line end alone", async () => {
    await written("TOKEN=a=b c#'\n")
    expect(await readFile(join(dir, "files", "TOKEN"), "utf8")).toBe("a=b c#'\n")
    expect(await readFile(join(dir, "files", "KEY"), "utf8")).toBe("\n")
    expect((await stat(join(dir, "files", "TOKEN"))).mode & 0o777).toBe(0o600)
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
