import { appendFile, readdir } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { PlacedService } from "./placed-service.ts"

let service: PlacedService

beforeAll(async () => {
  service = await PlacedService.create("plain")
})

afterAll(() => service.remove())

describe("a service of node:http without packages, in place of the application", () => {
  test("is not put there as long as a file that goes has changes in no commit", async () => {
    const file = join(service.clone.dir, "app", "backend", "main.ts")
    await appendFile(file, "// work\n")
    const { exitCode, screen } = await service.init()
    expect(exitCode).not.toBe(0)
    expect(screen).toContain("error INIT_UNCOMMITTED: app/backend/main.ts: changed, and in no commit")
    await service.git("checkout", "--quiet", "app")
  })

  test("is put there, and git shows what has changed", async () => {
    const { exitCode, screen } = await service.init()
    expect(exitCode, screen).toBe(0)
    expect((await readdir(join(service.clone.dir, "app"))).sort()).toEqual(
      ["config", "counter.js", "main.js", "package-lock.json", "package.json", "test"].sort(),
    )
    await service.commit()
    expect(await service.git("status", "--porcelain")).toBe("")
    expect(await service.git("ls-files", "test", "app/backend")).toBe("")
  })

  test("is tested by its own scripts", async () => {
    const { exitCode, stdout, screen } = await service.call("test")
    expect(exitCode, screen).toBe(0)
    expect(stdout).toBe(
      'types  no script "typecheck" in app/package.json\nlint   ok\ntests  3 passed, 0 failed',
    )
  })

  test("is built without a frontend, and keeps every rule", async () => {
    const built = await service.call("build")
    expect(built.stdout).toMatch(/^backend +sha256:[0-9a-f]{64}\nedge +sha256:[0-9a-f]{64}$/)
    const policy = await service.call("policy", "--format=json")
    expect(JSON.parse(policy.stdout)).toMatchObject({ passed: true, findings: [] })
  })

  test("is deployed, answers for every path through the edge, and names its digest", async () => {
    const { exitCode, stdout, screen } = await service.call(...service.deploying)
    expect(exitCode, screen).toBe(0)
    const { digest, images } = JSON.parse(stdout)
    expect(images.map(({ name }: { name: string }) => name)).toEqual(["backend", "edge"])
    expect(await (await service.get("/api/version")).json()).toEqual({ digest })
    expect(await (await service.get("/health/ready")).json()).toEqual({ ready: true })
    expect(await (await service.get("/count/ada")).json()).toEqual({ name: "ada", count: 1 })
    expect(await (await service.get("/")).json()).toEqual({ ada: 1 })
    expect((await service.get("/nothing")).status).toBe(404)
    const history = await service.call("history", "--env", "staging")
    expect(history.stdout).toMatch(/^1 \* .* deploy, unverified /m)
  })

  test("is not put in place a second time", async () => {
    const { exitCode, screen } = await service.init()
    expect(exitCode).not.toBe(0)
    expect(screen).toContain("error INIT_DONE")
  })
})
