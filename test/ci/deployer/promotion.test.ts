import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { parseRequest } from "../../../ci/deployer/cli.ts"
import { type Candidate, readPromotion } from "../../../ci/deployer/promotion.ts"
import { digest, image } from "./fixtures.ts"

let folder: string
let file: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "promotion-"))
  file = join(folder, "promotion.json")
  const images = [{ name: "backend", reference: image, digest }]
  const promotable = { environment: "staging", number: 3, images, digest, stackFile: "", evidence: [] }
  await writeFile(file, JSON.stringify(promotable))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

function promote(...args: string[]): Promise<Candidate> {
  const request = parseRequest(["deploy", "--env", "prod", "--promote", file, "--allow-unverified", ...args])
  if (request.verb !== "deploy") throw new Error(request.verb)
  return readPromotion(file, request, new Date())
}

describe("a promotion of a digest", () => {
  it.each([[digest], [digest.slice(0, 19)]])("takes %s when staging runs it", async wanted => {
    expect((await promote("--digest", wanted)).promoted).toEqual({ environment: "staging", number: 3 })
  })

  it("is refused when staging runs another one, even if all else is allowed or only shown", async () => {
    const other = `sha256:${"f".repeat(64)}`
    for (const more of [[], ["--confirm", "show"]])
      await expect(promote("--digest", other, ...more)).rejects.toMatchObject({
        code: "DEPLOY_OTHER_DIGEST",
        outcome: "refused",
        why: `it runs ${digest}, and ${other} was asked for`,
      })
  })

  it("takes whatever runs when none is named", async () => {
    expect((await promote()).overruled).not.toEqual([])
  })
})
