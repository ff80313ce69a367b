import { readFile, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { freePort } from "../deployment/real-docker.ts"
import { keyPair } from "../evidence/samples.ts"
import { type Call, Clone } from "./clone.ts"

// A project of its own: a staging on the same machine is not touched.
const project = `e2e${process.pid}`

let clone: Clone
let port: number
let deploying: string[]

beforeAll(async () => {
  clone = await Clone.create()
  await writeFile(join(clone.dir, "e2e.pem"), keyPair().secret)
  await writeFile(join(clone.dir, "e2e.secrets"), "HEALTH_TOKEN=e2e-token-0123456789\n")
  port = await freePort()
  deploying = ["deploy", "--env", "staging", "--port", String(port), "--format=json"]
})

afterAll(async () => {
  // Not there, unless a test failed.
  if (await services()) await call("stop", "--env", "staging")
  await call("clean", "--env", "staging")
  await clone.remove()
})

function call(...args: string[]): Promise<Call> {
  return clone.call(`--project=${project}`, ...args)
}

/** Where what is deployed is the same, it need not be scanned again. */
function deploy(...more: string[]): Promise<Call> {
  return call(...deploying, "--allow-unscanned", ...more)
}

function deploySigned(...more: string[]): Promise<Call> {
  return call("--signing-key=file://e2e.pem", ...deploying, ...more)
}

async function services(): Promise<string> {
  const { stdout } = await execa("docker", ["service", "ls", "--quiet", "--filter", `name=${project}`])
  return stdout
}

const lowPorts = ["CAP_NET_BIND_SERVICE"]
const names = ["backend", "frontend", "edge"] as const
type Name = (typeof names)[number]

async function containerId(name: Name): Promise<string> {
  const named = `name=${project}-staging_${name}`
  const { stdout } = await execa("docker", ["ps", "--quiet", "--filter", named])
  return stdout
}

/** Runs a command in the deployed backend, as its user. */
async function inside(...command: string[]): Promise<string> {
  return (await execa("docker", ["exec", await containerId("backend"), ...command])).stdout
}

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(`http://localhost:${port}${path}`, { headers })
}

describe("deploy --env staging", () => {
  test("runs the digest that build printed, and gives it its secrets", async () => {
    const built = await call("build")
    const { exitCode, stdout, screen } = await deploySigned("--secrets", "file://e2e.secrets")
    expect(exitCode, screen).toBe(0)
    expect(screen).not.toContain("e2e-token")
    const deployed = JSON.parse(stdout)
    for (const { name, digest } of deployed.images)
      expect(built.stdout).toMatch(new RegExp(`^${name} +${digest}$`, "m"))
    expect(deployed.images.map(({ name }: { name: string }) => name)).toEqual(names)
    expect(deployed.url).toBe(`http://localhost:${port}`)
    expect(deployed.evidence).toEqual({ statements: 3, unsigned: 0 })
    expect((await get("/health/live")).status).toBe(200)
    expect(await (await get("/api/version")).json()).toMatchObject({
      digest: deployed.digest,
      environment: "staging",
    })
    const status = await call("status", "--env", "staging", "--format=json")
    expect(status.stdout).toContain(deployed.deployId)
  })

  test("leaves its evidence at the image", async () => {
    const running = ["inspect", "--format", "{{.Config.Image}}", await containerId("backend")]
    const reference = (await execa("docker", running)).stdout
    const { exitCode, stdout, screen } = await call("verify", "--ref", reference, "--key=file://e2e.pem")
    expect(exitCode, screen).toBe(0)
    const rows = [...stdout.matchAll(/^(\S+) +[0-9a-f]{12} .*(?:PASSED|commit ([0-9a-f]{12}))$/gm)]
    const commit = rows.find(([, what]) => what === "provenance")?.[2]
    expect(rows.map(([, what]) => what).sort()).toEqual(["policy", "provenance", "scan", "test"])
    expect(commit).toBe(await clone.commit())
  })

  test("is promoted by the record in the swarm, and the registry's evidence is compared with it", async () => {
    const showing = ["production", "--confirm=show", "--port", String(await freePort())]
    const { exitCode, stdout, screen } = await call("--signing-key=file://e2e.pem", ...showing)
    expect(exitCode, screen).toBe(0)
    expect(stdout).toMatch(/\n {2}evidence +3 statements, signed, all good\n/)
    expect(stdout).toMatch(/\n {2}registry {2}has the same evidence$/)
  })

  test.each([
    ["backend", { NanoCpus: 1e9, Memory: 512 * 2 ** 20, CapAdd: null }, ["edge"]],
    ["frontend", { NanoCpus: 5e8, Memory: 128 * 2 ** 20, CapAdd: lowPorts }, ["internal"]],
    ["edge", { NanoCpus: 1e9, Memory: 256 * 2 ** 20, CapAdd: lowPorts }, ["edge", "internal"]],
  ] as const)("runs a %s that has what the policy demands", async (name, limits, networks) => {
    const [{ Config, HostConfig, NetworkSettings, State }] = JSON.parse(
      (await execa("docker", ["inspect", await containerId(name)])).stdout,
    )
    expect(Config.User).toBe("10001:10001")
    expect(State.Health.Status).toBe("healthy")
    expect(HostConfig).toMatchObject({
      ...{ ReadonlyRootfs: true, Privileged: false, Init: true, Binds: null, CapDrop: ["ALL"] },
      ...{ ...limits, PidsLimit: 256, PidMode: "", IpcMode: "private" },
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "5" } },
    })
    const own = Object.keys(NetworkSettings.Networks).filter(network => network.startsWith(project))
    expect(own.sort()).toEqual(networks.map(network => `${project}-staging_${network}`))
  })

  test("keeps the process from everything that it does not need", async () => {
    const status = await inside("cat", "/proc/1/status", "/proc/self/status")
    // Effective, permitted and bounding: no capability, and none to be had.
    for (const set of ["CapEff", "CapPrm", "CapBnd"]) expect(status).toMatch(new RegExp(`${set}:\\s0{16}\n`))
    expect(status).toMatch(/Uid:\s10001\s10001\s10001\s10001\n/)
    await expect(inside("touch", "/app/x")).rejects.toThrow("Read-only file system")
    expect(await inside("touch", "/tmp/x")).toBe("")
    expect(await inside("sh", "-c", "find / -xdev -type f -perm /6000 2>/dev/null || true")).toBe("")
  })

  test("serves the page, compressed, with its headers, and no file in place of one that is missing", async () => {
    const page = await get("/")
    expect(page.headers.get("content-security-policy")).toContain("default-src 'self'")
    expect(page.headers.get("strict-transport-security")).toBe("max-age=31536000")
    expect(page.headers.get("x-content-type-options")).toBe("nosniff")
    expect(page.headers.get("cache-control")).toBe("no-cache")
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text())?.[1] ?? ""
    const asset = await get(script)
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable")
    expect(asset.headers.get("content-encoding")).toBe("gzip")
    for (const path of ["/assets/gone.js", "/nothing", "/metrics", "/healthz"]) {
      const { status, headers } = await get(path)
      expect(status, path).toBe(404)
      expect(headers.get("cache-control") ?? "", path).not.toContain("immutable")
    }
  })

  test("sends the content security policy that the page is developed with, word for word", async () => {
    const caddyfile = await readFile(join(clone.dir, "docker", "Caddyfile.frontend"), "utf8")
    const { preview } = (await import("../../app/frontend/vite.config.ts")).default
    const policy = preview?.headers?.["Content-Security-Policy"]
    expect(caddyfile).toContain(`Content-Security-Policy "${policy}"`)
  })

  test("keeps the frontend from the backend, in a network that leads nowhere", async () => {
    const reach = ["exec", await containerId("frontend"), "wget", "-q", "-O", "-"]
    const backend = await execa("docker", [...reach, "http://backend:3000/health/live"], { reject: false })
    expect(backend.exitCode).not.toBe(0)
    const edge = await execa("docker", [...reach, "http://edge:8080/health/live"])
    expect(edge.stdout).toContain("status")
    const network = ["network", "inspect", "--format", "{{.Internal}}", `${project}-staging_internal`]
    expect((await execa("docker", network)).stdout).toBe("true")
  })

  test("gives the backend its secrets as files, through the edge as anywhere", async () => {
    const [open, shown] = await Promise.all([
      get("/health").then(answer => answer.json()),
      get("/health", { authorization: "Bearer e2e-token-0123456789" }).then(answer => answer.json()),
    ])
    expect(open).not.toHaveProperty("dependencies")
    expect(shown).toHaveProperty("dependencies")
    const inspected = await execa("docker", ["inspect", await containerId("backend")])
    expect(inspected.stdout).not.toContain("e2e-token")
    const refused = await deploy("--secrets", "env://NOTHING_OF_THIS_NAME")
    expect(refused.exitCode).not.toBe(0)
    expect(refused.screen).toContain("error DEPLOY_SECRETS_MISSING")
  })

  test("hands on to the other verbs what they are told: rollback, logs, preflight", async () => {
    const plan = await call("rollback", "--env", "staging", "--to", "1", "--confirm=show")
    expect(plan.stdout, plan.screen).toMatch(
      /^plan for staging: rollback to release 1, in place of release 1\n/,
    )
    expect(plan.stdout).toMatch(/settings +unchanged/)
    const logs = await call("logs", "--env", "staging", "--service", "backend", "--tail", "2")
    expect(logs.stdout.split("\n"), logs.screen).toEqual(
      Array(2).fill(expect.stringMatching(/^backend \| \{/)),
    )
    const onPort = ["preflight", "--env", "staging", "--port", String(port)]
    const preflight = await call("--staging-domain=shop.example.com", ...onPort)
    expect(preflight.exitCode, preflight.screen).toBe(0)
    expect(preflight.stdout).toContain(`${port}, 443 are free or ours`)
    expect(preflight.stdout).toContain("staging is ready for a release")
  })

  test("stop frees the port, stopping again is no error, and clean leaves nothing", async () => {
    expect((await call("stop", "--env", "staging")).exitCode).toBe(0)
    await expect(get("/health/live")).rejects.toThrow()
    expect((await call("stop", "--env", "staging")).exitCode).toBe(0)
    expect(await services()).toBe("")
    expect((await call("clean", "--env", "staging")).stdout).toMatch(/^releases +1 +removed$/m)
    expect((await call("clean", "--env", "staging")).stdout).toBe("staging: nothing to remove")
  })
})

describe("bad input gives one clear error and leaves nothing", () => {
  afterEach(async () => expect(await services()).toBe(""))

  test("an environment that does not exist", async () => {
    const { exitCode, screen } = await call("deploy", "--env", "moon")
    expect(exitCode).not.toBe(0)
    expect(screen).toMatch(/error DEPLOY_UNKNOWN_ENV: .*moon/)
  })

  test("a format that does not exist", async () => {
    const { exitCode, screen } = await call("status", "--env", "staging", "--format=xml")
    expect(exitCode).not.toBe(0)
    expect(screen).toContain("error DEPLOY_UNKNOWN_FORMAT")
  })

  test("a port that another process holds", async () => {
    const other = createServer().listen(port, "0.0.0.0")
    const { exitCode, screen } = await deploy()
    other.close()
    expect(exitCode).not.toBe(0)
    expect(screen).toContain("error DEPLOY_PORT_TAKEN")
  })

  test("a registry that does not answer", async () => {
    const closed = await freePort()
    const { exitCode, screen } = await clone.call(
      ...[`--registry=tcp://localhost:${closed}`, `--project=${project}`, "deploy", "--env", "staging"],
    )
    expect(exitCode).not.toBe(0)
    expect(screen).toContain("error DEPLOY_REGISTRY_UNREACHABLE")
  })

  test("a Docker socket that is none", async () => {
    const { exitCode, screen } = await call("--docker=unix:///nonexistent.sock", "status", "--env", "staging")
    expect(exitCode).not.toBe(0)
    expect(screen).toContain("error DEPLOY_DOCKER_UNREACHABLE")
  })
})
