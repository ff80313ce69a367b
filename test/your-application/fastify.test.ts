import { randomBytes } from "node:crypto"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { Layout } from "../e2e/layout.ts"
import { PlacedService } from "./placed-service.ts"

let service: PlacedService

beforeAll(async () => {
  service = await PlacedService.create("fastify")
})

afterAll(() => service.remove())

const file = (name: string) => join(service.clone.dir, name)
const token = randomBytes(16).toString("hex")
const withToken = { headers: { authorization: `Bearer ${token}` } }

/** On glibc and Node alone, where neither npm nor a shell could help. */
const minimal = "--backend-runtime=minimal"

async function deployed(): Promise<{ digest: string }> {
  const { exitCode, stdout, screen } = await service.call(
    ...[minimal, "--staging-secrets=file://e2e.secrets", ...service.deploying],
  )
  expect(exitCode, screen).toBe(0)
  expect(screen).not.toContain(token)
  return JSON.parse(stdout)
}

describe("a service of Fastify in TypeScript, with packages, a secret and settings", () => {
  test("is put in place without what its .gitignore names, and without what npm installed", async () => {
    await writeFile(join(service.from, "local-notes.txt"), "mine\n")
    await writeFile(join(service.from, ".env"), "ORDERS_TOKEN=mine\n")
    await mkdir(join(service.from, "node_modules"))
    await writeFile(join(service.from, "node_modules", "x"), "")
    const { exitCode, screen } = await service.init("--secret-names=ORDERS_TOKEN")
    expect(exitCode, screen).toBe(0)
    await writeFile(file("app/config/staging.env"), "CURRENCY=EUR\n")
    await writeFile(file("e2e.secrets"), `ORDERS_TOKEN=${token}\n`)
    await service.commit()
    const files = (await service.git("ls-files", "app")).split("\n")
    expect(files).toContain("app/src/main.ts")
    expect(files.filter(name => /notes|node_modules|\.env$/.test(name))).toEqual([
      "app/config/production.env",
      "app/config/staging.env",
    ])
  })

  test("is tested by its own scripts", async () => {
    const { stdout, screen } = await service.call("test")
    expect(stdout, screen).toBe(
      'types  ok\nlint   no script "lint" in app/package.json\ntests  4 passed, 0 failed',
    )
  })

  test("keeps every rule, with the packages that it needs to run and no other", async () => {
    const policy = await service.call(minimal, "policy", "--format=json")
    expect(JSON.parse(policy.stdout)).toMatchObject({ passed: true })
    const dir = join(service.from, "node_modules", "layout")
    await service.call(minimal, "images", "backend", "layout", "export", "--path", dir)
    const listed = (await new Layout(dir).files()).map(({ path }) => path)
    expect(listed).toContain("app/node_modules/fastify/package.json")
    expect(listed).toContain("app/dist/main.js")
    expect(listed.filter(name => name.startsWith("app/node_modules/typescript/"))).toEqual([])
  })

  test("is deployed with its secret and its settings, and names its digest", async () => {
    const { digest } = await deployed()
    expect(await (await service.get("/api/version")).json()).toEqual({ digest })
    expect(await (await service.get("/health/ready")).json()).toEqual({ ready: true })
    expect(await (await service.get("/")).json()).toEqual({ service: "orders", currency: "EUR" })
    expect((await service.get("/orders")).status).toBe(401)
    expect((await service.get("/orders", withToken)).status).toBe(200)
  })

  test("is released anew without a failed request", async () => {
    const source = await readFile(file("app/src/app.ts"), "utf8")
    await writeFile(file("app/src/app.ts"), source.replace('service: "orders"', 'service: "orders 2"'))
    await service.commit()
    const answers = await askUntil(deployed())
    expect(answers.filter(answer => answer !== 200)).toEqual([])
    expect(answers.length).toBeGreaterThan(100)
    expect(await (await service.get("/")).json()).toMatchObject({ service: "orders 2" })
  })
})

/** One request after the other while something else goes on; what each was answered. */
async function askUntil(other: Promise<unknown>): Promise<(number | string)[]> {
  const answers: (number | string)[] = []
  let goesOn = true
  const ended = other.finally(() => {
    goesOn = false
  })
  while (goesOn) {
    answers.push(await service.get("/").then(({ status }) => status, String))
    await setTimeout(50)
  }
  await ended
  return answers
}
