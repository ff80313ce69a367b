import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, afterEach, beforeAll, expect, it } from "vitest"
import { parse, stringify } from "yaml"
import { labels } from "../../ci/deployer/environments.ts"
import { registryPort } from "../../ci/engine/versions.ts"
import * as host from "../deployment/real-docker.ts"

// Everything here is named after this run and removed after it; a staging on the same machine is not touched.
const run = `t${process.pid}`
const project = `lockstep-${run}`
const stack = `${project}-staging`
const label = `lockstep.test=${run}`

const deployed = { exitCode: 0, error: undefined }

let images: Record<host.Mode, string>
let port: number
let folder: string
let stackFile: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "deployer-test-"))
  stackFile = join(folder, "stack.yml")
  await writeFile(stackFile, stackOfOne(await readFile("docker/docker-compose.prod.yml", "utf8")))
  port = await host.freePort()
  images = await host.makeImages(folder, `localhost:${registryPort}/lockstep-test/${run}`, label)
})

afterEach(() => deployer("stop"))

afterAll(async () => {
  await host.removeImages(label)
  await rm(folder, { recursive: true, force: true })
})

/** The shipped stack without the edge: the backend has the port of the host, and the deployer what is hardest for it. */
function stackOfOne(shipped: string): string {
  const file = parse(shipped, { merge: true })
  const { edge, backend } = file.services
  const { update_config, rollback_config } = edge.deploy
  backend.ports = [{ ...edge.ports[0], target: 3000 }]
  backend.deploy = { ...backend.deploy, update_config, rollback_config }
  return stringify({ ...file, services: { backend } }, { aliasDuplicateObjects: false })
}

function start(args: readonly string[], env: Record<string, string> = {}) {
  const command = ["--import", "tsx", "ci/deployer/main.ts", ...args]
  // Told to stop, the deployer undoes its work first: it is given the time that this takes.
  const options = { reject: false, forceKillAfterDelay: false } as const
  return execa("node", command, { env: { LOCKSTEP_PROJECT: project, ...env }, ...options })
}

async function deployer(verb: "status" | "stop", ...more: string[]) {
  const result = await start([verb, "--env", "staging", "--json", ...more])
  return { exitCode: result.exitCode, ...JSON.parse(result.stdout) }
}

function deployArgs(image: string, ...more: string[]): string[] {
  const flags = [
    "--env",
    "staging",
    "--stack",
    stackFile,
    "--image",
    `backend=${image}`,
    "--port",
    String(port),
    "--config",
    "app/config/staging.env",
    "--json",
  ]
  return ["deploy", ...flags, ...more]
}

async function deploy(image: string, ...more: string[]) {
  const result = await start(deployArgs(image, ...more))
  // `error` is always there, so that a failed comparison shows it.
  return { exitCode: result.exitCode, error: undefined, ...JSON.parse(result.stdout) }
}

async function application(): Promise<Record<string, string>> {
  const response = await fetch(`http://localhost:${port}`)
  return (await response.json()) as Record<string, string>
}

async function containers(): Promise<string[]> {
  const filter = `label=com.docker.stack.namespace=${stack}`
  const { stdout } = await execa("docker", ["ps", "--all", "--quiet", "--no-trunc", "--filter", filter])
  return stdout.split("\n").filter(Boolean)
}

async function leftovers(): Promise<string[]> {
  const filter = ["--quiet", "--filter", `label=com.docker.stack.namespace=${stack}`]
  const kinds = [
    ["service", "ls"],
    ["network", "ls"],
    ["ps", "--all"],
  ]
  const lists = await Promise.all(kinds.map(kind => execa("docker", [...kind, ...filter])))
  return lists.flatMap(({ stdout }) => stdout.split("\n").filter(Boolean))
}

it("deploys a first release that answers, with the digest that was asked for", async () => {
  const result = await deploy(images.ok)
  expect(result).toMatchObject({ exitCode: 0, outcome: "done", url: `http://localhost:${port}` })
  expect(images.ok).toContain(result.digest)
  expect(await application()).toEqual({ mode: "ok", digest: result.digest, env: "staging" })
  const status = await deployer("status")
  expect(status).toMatchObject({
    state: "healthy",
    services: [{ running: 1, wanted: 1, digest: result.digest }],
  })
})

it("runs a second deploy of the same digest for real, without restarting anything", async () => {
  const first = await deploy(images.ok)
  const running = await containers()
  const second = await deploy(images.ok)
  expect(second).toMatchObject(deployed)
  expect(second.deployId).not.toBe(first.deployId)
  expect(await containers()).toEqual(running)
  expect((await deployer("status")).services).toMatchObject([{ deployId: second.deployId }])
})

it("replaces the tasks when only a setting changes, and waits for the new ones", async () => {
  expect(await deploy(images.ok)).toMatchObject(deployed)
  const running = await containers()
  const changed = join(folder, "changed.yml")
  const text = await readFile(stackFile, "utf8")
  await writeFile(changed, text.replace('PORT: "3000"', 'PORT: "3000"\n      LOG_LEVEL: debug'))
  expect(await deploy(images.ok, "--stack", changed)).toMatchObject(deployed)
  const { stdout } = await execa("docker", ["ps", "--quiet", "--no-trunc", "--filter", `publish=${port}`])
  expect(running).not.toContain(stdout)
  const inspected = await execa("docker", [
    "inspect",
    "--format",
    "{{json .Config.Env}} {{.State.Health.Status}}",
    stdout,
  ])
  expect(inspected.stdout).toMatch(/LOG_LEVEL=debug.* healthy$/)
})

it("goes back to the previous release when the new one is unhealthy, and says so", async () => {
  const first = await deploy(images.ok)
  const result = await deploy(images.sick)
  expect(result).toMatchObject({ exitCode: 20, outcome: "rolled-back", error: { code: "DEPLOY_UNHEALTHY" } })
  expect(result.error.evidence).toContain("listening, mode sick")
  expect(await application()).toMatchObject({ mode: "ok", digest: first.digest })
  expect(await deployer("status")).toMatchObject({
    state: "healthy",
    services: [{ deployId: first.deployId }],
  })
  expect(await deploy(images.ok)).toMatchObject(deployed)
})

it("refuses to deploy while an update is under way", async () => {
  expect(await deploy(images.ok)).toMatchObject(deployed)
  const slow = start(deployArgs(images.sick))
  await expect.poll(async () => (await deployer("status")).state, { timeout: 20_000 }).toBe("updating")
  expect(await deploy(images.ok)).toMatchObject({ exitCode: 11, error: { code: "DEPLOY_LOCKED" } })
  expect((await slow).exitCode).toBe(20)
})

it.each([
  ["sick", "DEPLOY_UNHEALTHY", "listening, mode sick"],
  ["crash", "DEPLOY_CRASHED", "crashing as told"],
] as const)("leaves nothing of a first release that behaves like this: %s", async (mode, code, logLine) => {
  const result = await deploy(images[mode])
  expect(result).toMatchObject({ exitCode: 21, outcome: "removed", error: { code } })
  expect(result.error.evidence).toContain(logLine)
  expect(await leftovers()).toEqual([])
})

it("leaves nothing when it is told to stop in the middle of a first release", async () => {
  const child = start(deployArgs(images.sick))
  // It says so once Swarm has taken the stack; what the test before left behind may still be going away.
  await new Promise<void>(resolve =>
    child.stderr.on("data", text => /0 of 1 healthy/.test(text) && resolve()),
  )
  child.kill("SIGTERM")
  expect(await child).toMatchObject({ exitCode: 21, stdout: expect.stringContaining("DEPLOY_INTERRUPTED") })
  expect(await leftovers()).toEqual([])
})

it("names the port when another process of the host holds it, and leaves nothing", async () => {
  const holder = await host.listen(port)
  try {
    const result = await deploy(images.ok)
    expect(result).toMatchObject({ exitCode: 21, error: { code: "DEPLOY_PORT_TAKEN" } })
    expect(result.error.message).toContain(`port ${port} is taken`)
    expect(await leftovers()).toEqual([])
  } finally {
    await host.close(holder)
  }
})

it("names the container that holds the port, and changes nothing", async () => {
  const flags = ["--detach", "--rm", "--publish", `${port}:3000`]
  const { stdout: id } = await execa("docker", ["run", ...flags, "--name", `${run}-holder`, images.ok])
  try {
    const result = await deploy(images.ok)
    expect(result).toMatchObject({ exitCode: 10, error: { code: "DEPLOY_PORT_TAKEN" } })
    expect(result.error.why).toContain(`${run}-holder`)
    expect(await leftovers()).toEqual([])
  } finally {
    await execa("docker", ["rm", "--force", id])
  }
})

it("refuses an image that the registry does not have, or a registry that is down", async () => {
  const repository = images.ok.split("@")[0]
  const digest = `sha256:${"0".repeat(64)}`
  for (const missing of [`${repository}@${digest}`, `localhost:1/app@${digest}`]) {
    expect(await deploy(missing)).toMatchObject({ exitCode: 10, error: { code: "DEPLOY_IMAGE_UNAVAILABLE" } })
  }
  expect(await leftovers()).toEqual([])
})

it("refuses an unknown environment, and prod until there is promotion", async () => {
  expect((await start(["deploy", "--env", "nowhere"])).exitCode).toBe(64)
  const prod = deployArgs(images.ok).map(word => (word === "staging" ? "prod" : word))
  expect(await start(prod)).toMatchObject({
    exitCode: 10,
    stderr: expect.stringContaining("DEPLOY_NEEDS_PROMOTION"),
  })
})

it("says that Docker cannot be reached", async () => {
  const result = await start(deployArgs(images.ok), { DOCKER_HOST: `unix://${folder}/no.sock` })
  expect(result).toMatchObject({ exitCode: 10, stderr: expect.stringContaining("DEPLOY_DOCKER_UNREACHABLE") })
})

it("does not touch a stack of the same name that somebody else made", async () => {
  const create = ["service", "create", "--detach", "--name", `${stack}_other`, "--replicas", "0"]
  const namespace = `com.docker.stack.namespace=${stack}`
  const { stdout: id } = await execa("docker", [
    ...create,
    "--label",
    namespace,
    "--no-resolve-image",
    images.ok,
  ])
  try {
    expect(await deployer("stop")).toMatchObject({ exitCode: 10, error: { code: "DEPLOY_FOREIGN_STACK" } })
    expect(await deploy(images.ok)).toMatchObject({
      exitCode: 10,
      error: { why: expect.stringContaining(labels.env) },
    })
    expect(await leftovers()).toHaveLength(1)
  } finally {
    await execa("docker", ["service", "rm", id])
  }
})

it("frees the port on stop, and has nothing to do the second time", async () => {
  expect(await deploy(images.ok)).toMatchObject(deployed)
  expect(await host.isFree(port)).toBe(false)
  expect(await deployer("stop")).toMatchObject({ exitCode: 0, wasRunning: true })
  expect(await host.isFree(port)).toBe(true)
  expect(await leftovers()).toEqual([])
  expect(await deployer("stop")).toMatchObject({ exitCode: 0, wasRunning: false })
  expect(await deployer("status")).toMatchObject({ exitCode: 0, state: "not-deployed" })
})
