import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, expect, it } from "vitest"
import { parse, stringify } from "yaml"
import { registryPort } from "../../ci/engine/versions.ts"
import { status as answerWith, Receiver } from "../ci/deployer/notification/receiver.ts"
import * as host from "../deployment/real-docker.ts"

// Everything here is named after this run and removed after it; a staging on the same machine is not touched.
const run = `v${process.pid}`
const project = `lockstep-${run}`
const stack = `${project}-staging`
const label = `lockstep.test=${run}`

let image: string
let port: number
let folder: string
let stackFile: string
let settings: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "verbs-test-"))
  stackFile = join(folder, "stack.yml")
  settings = join(folder, "settings.env")
  await writeFile(stackFile, stackOfOne(await readFile("docker/docker-compose.prod.yml", "utf8")))
  await writeFile(settings, "LOG_LEVEL=info\n")
  port = await host.freePort()
  const images = await host.makeImages(folder, `localhost:${registryPort}/lockstep-test/${run}`, label)
  image = images.ok
})

afterAll(async () => {
  await deployer("stop")
  await deployer("clean")
  await host.removeImages(label)
  await rm(folder, { recursive: true, force: true })
})

/** The backend alone, with a port of the host. */
function stackOfOne(shipped: string): string {
  const file = parse(shipped, { merge: true })
  const { edge, backend } = file.services
  const { update_config, rollback_config } = edge.deploy
  backend.ports = [{ ...edge.ports[0], target: 3000 }]
  backend.deploy = { ...backend.deploy, update_config, rollback_config }
  return stringify({ ...file, services: { backend } }, { aliasDuplicateObjects: false })
}

function start(...args: string[]) {
  const command = ["--import", "tsx", "ci/deployer/main.ts", ...args, "--env", "staging"]
  const options = { reject: false, forceKillAfterDelay: false } as const
  return execa("node", command, { env: { LOCKSTEP_PROJECT: project }, ...options })
}

async function deployer(...args: string[]) {
  const { exitCode, stdout } = await start(...args, "--json")
  return { exitCode, error: undefined, ...JSON.parse(stdout) }
}

const release = () => ["--stack", stackFile, "--config", settings, "--port", String(port)]
const deploy = (...more: string[]) => deployer("deploy", ...release(), "--image", `backend=${image}`, ...more)

async function left(): Promise<string[]> {
  const kinds = ["config", "secret", "network"]
  const lists = kinds.map(kind => execa("docker", [kind, "ls", "--format", "{{.Name}}"]))
  return (await Promise.all(lists))
    .flatMap(({ stdout }) => stdout.split("\n"))
    .filter(name => name.startsWith(stack))
}

it("shows the plan of a first release, and releases nothing under another hash", async () => {
  const plan = await deploy("--confirm", "show")
  expect(plan).toMatchObject({
    ...{ exitCode: 0, outcome: "planned", from: 0, port: { to: port }, settings: { added: ["LOG_LEVEL"] } },
    images: [{ name: "backend", to: image.split("@")[1] }],
  })
  expect(await deploy("--confirm", "0123456789abcdef")).toMatchObject({
    ...{ exitCode: 10, error: { code: "DEPLOY_PLAN_CHANGED" }, plan: { hash: plan.hash } },
  })
  expect((await deployer("status")).state).toBe("not-deployed")
})

it("releases the plan that was shown, and tells the webhook of the release alone", async () => {
  const receiver = await Receiver.listen(answerWith(200))
  const webhook = join(folder, "webhook")
  await writeFile(webhook, receiver.url.href)
  const { hash } = await deploy("--webhook", webhook, "--confirm", "show")
  const result = await deploy("--webhook", webhook, "--confirm", hash)
  await receiver.close()
  expect(result).toMatchObject({ exitCode: 0, outcome: "done", number: 1 })
  expect(receiver.bodies.map(body => JSON.parse(body).lockstep)).toMatchObject([
    { kind: "deploy", outcome: "done", release: 1, digests: { backend: result.digest } },
  ])
  const { stdout } = await start("rollback", "--to", "1", "--confirm", "show")
  expect(stdout).toMatch(/^plan for staging: rollback to release 1, in place of release 1\n/)
  expect(stdout).toMatch(/settings +unchanged/)
})

it("shows the names of settings and secrets that change, and never a value", async () => {
  const before = await deploy("--confirm", "show")
  await writeFile(settings, "LOG_LEVEL=warn\nDIAGNOSTICS=s3cret-setting\n")
  const secrets = join(folder, "secrets")
  await writeFile(secrets, "HEALTH_TOKEN=s3cret-token\n")
  const args = [...release(), "--image", `backend=${image}`, "--secrets", secrets, "--confirm", "show"]
  const { stdout, stderr } = await start("deploy", ...args)
  expect(stdout).toMatch(/settings +added DIAGNOSTICS; changed LOG_LEVEL/)
  expect(stdout).toMatch(/secrets +added HEALTH_TOKEN/)
  expect(stdout).toMatch(/backend +sha256:\w+ unchanged/)
  expect(stdout + stderr).not.toContain("s3cret")
  expect(stdout).not.toContain(before.hash)
})

it("prints the logs with the service in front, for programs as JSON, and follows until it is told to stop", async () => {
  const { stdout } = await start("logs", "--since", "1h")
  expect(stdout).toContain("backend | listening, mode ok")
  const json = (await start("logs", "--tail", "1", "--service", "backend", "--json")).stdout
  expect(JSON.parse(json)).toMatchObject({ service: "backend", message: "listening, mode ok" })
  expect(await deployer("logs", "--service", "nothing")).toMatchObject({
    error: { code: "DEPLOY_NO_SERVICE" },
  })
  const following = start("logs", "--follow")
  await new Promise<void>(resolve => following.stdout.once("data", () => resolve()))
  following.kill("SIGINT")
  expect((await following).exitCode).toBe(0)
  expect((await start("logs", "--tail", "5")).stdout).toBe("backend | listening, mode ok")
})

it("looks at all prerequisites, those behind a missing one as well", async () => {
  const registry = ["--registry", `localhost:${registryPort}`]
  const ready = await deployer("preflight", ...release(), ...registry)
  expect(ready).toMatchObject({ exitCode: 0, outcome: "done" })
  const state = (wanted: string) => ready.checks.find(({ name }: { name: string }) => name === wanted).state
  expect(state("registry")).toBe("ok")
  expect(state("vulnerabilities")).toBe("warning")
  const closed = await host.freePort()
  // The port for https is the one that is taken.
  const https = ["--domain", "shop.example.com", "--tls-port", String(registryPort), "--port", String(port)]
  const other = ["--config", settings, "--stack", join(folder, "none.yml"), ...https]
  const missing = await deployer("preflight", ...other, "--registry", `localhost:${closed}`)
  expect(missing).toMatchObject({ exitCode: 10, error: { code: "DEPLOY_NOT_READY" } })
  const names = missing.checks.filter(({ state }: { state: string }) => state === "missing")
  expect(names.map(({ name }: { name: string }) => name)).toEqual([
    ...["port", "registry", "stack file", "secrets, settings"],
  ])
})

it("cleans what was stopped, and not what runs", async () => {
  expect(await deployer("clean")).toMatchObject({ exitCode: 10, error: { code: "DEPLOY_STILL_RUNS" } })
  expect(await deployer("stop")).toMatchObject({ exitCode: 0 })
  const network = ["--label", `com.docker.stack.namespace=${stack}`, `${stack}_foreign`]
  await execa("docker", ["network", "create", ...network])
  expect(await deployer("clean")).toMatchObject({ exitCode: 10, error: { code: "DEPLOY_FOREIGN_STACK" } })
  await execa("docker", ["network", "rm", `${stack}_foreign`])
  expect(await left()).not.toEqual([])
  const cleaned = await deployer("clean")
  expect(cleaned).toMatchObject({ exitCode: 0, removed: { releases: [1], images: [image] }, kept: [] })
  expect(cleaned.removed.secrets).toHaveLength(3)
  expect(cleaned.removed.configs).toHaveLength(1)
  expect(await left()).toEqual([])
  expect((await execa("docker", ["image", "inspect", image], { reject: false })).exitCode).toBe(1)
  expect((await start("clean")).stdout).toBe("staging: nothing to remove")
})
