import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { request } from "node:https"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TLSSocket } from "node:tls"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { parse, stringify } from "yaml"
import { ensureInDocker } from "../../ci/engine/steps/local-images.ts"
import { nodeImageReference, registryPort, versions } from "../../ci/engine/versions.ts"
import * as host from "../deployment/real-docker.ts"

// The shipped edge before a small backend, and an ACME server of the test's own in place of Let's Encrypt.
const run = `https${process.pid}`
const project = `lockstep-${run}`
const domain = "shop.lockstep.test"
const label = `lockstep.test=${run}`
const repository = `localhost:${registryPort}/lockstep-test/${run}`

let folder: string
let port: number
let tlsPort: number
let authority: { directory: string; root: string }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "https-test-"))
  port = await host.freePort()
  tlsPort = await host.freePort()
  for (const image of [nodeImageReference, `library/caddy:${versions.caddy}`])
    await ensureInDocker(image, () => undefined)
  authority = await startAuthority()
  const { ok: backend } = await host.makeImages(folder, repository, label)
  const edge = await buildEdge()
  await writeFile(join(folder, "stack.yml"), await stack())
  const images = ["--image", `backend=${backend}`, "--image", `edge=${edge}`]
  const https = ["--domain", domain, "--tls-port", String(tlsPort), "--acme-ca", authority.directory]
  await deployer("deploy", "--stack", join(folder, "stack.yml"), ...images, "--port", String(port), ...https)
})

afterAll(async () => {
  await deployer("stop").catch(() => undefined)
  await deployer("clean").catch(() => undefined)
  await execa("docker", ["config", "rm", `${run}_root`], { reject: false })
  for (const container of [`${run}-forward`, `${run}-authority`])
    await execa("docker", ["rm", "--force", "--volumes", container], { reject: false })
  await host.removeImages(label)
  await rm(folder, { recursive: true, force: true })
})

async function deployer(verb: string, ...args: string[]): Promise<string> {
  const command = ["--import", "tsx", "ci/deployer/main.ts", verb, "--env", "staging", ...args]
  return (await execa("node", command, { env: { LOCKSTEP_PROJECT: project } })).stdout
}

/** The stack file without the frontend; its edge trusts the test's authority. */
async function stack(): Promise<string> {
  const file = parse(await readFile("docker/docker-compose.prod.yml", "utf8"), { merge: true })
  const { edge, backend } = file.services
  edge.environment.SSL_CERT_FILE = "/root.crt"
  edge.configs = [{ source: "ROOT", target: "/root.crt" }]
  // A small backend that has no settings of the application's.
  const { configs: _, secrets: __, environment: ___, ...plain } = backend
  const configs = { ROOT: { name: `${run}_root`, file: join(folder, "root.crt") } }
  const { secrets: ____, ...rest } = file
  return stringify({ ...rest, configs, services: { edge, backend: plain } }, { aliasDuplicateObjects: false })
}

async function buildEdge(): Promise<string> {
  const name = `${repository}:edge`
  const env = { DOCKER_BUILDKIT: "1" }
  await execa(
    "docker",
    ["build", "--quiet", "--label", label, "-f", "docker/Dockerfile.edge", "-t", name, "."],
    {
      env,
    },
  )
  const { stdout } = await execa("docker", ["push", name])
  return `${repository}@${/digest: (sha256:[0-9a-f]{64})/.exec(stdout)?.[1]}`
}

/**
 * Caddy as ACME server. It asks for the domain at the ports 80 and 443 of an address of its own, from which a second
 * program leads to the edge's ports on the host.
 */
async function startAuthority(): Promise<typeof authority> {
  const { stdout: gateway } = await execa("docker", [
    ...["network", "inspect", "docker_gwbridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"],
  ])
  const acmePort = await host.freePort()
  const site = `https://${gateway}:${acmePort}`
  const caddyfile = `{\n admin off\n skip_install_trust\n auto_https disable_redirects\n default_sni ${gateway}\n}\n${site} {\n tls internal\n acme_server\n}\n`
  await writeFile(join(folder, "Caddyfile"), caddyfile)
  const flags = ["--detach", "--label", label]
  await execa("docker", [
    ...["run", ...flags, "--name", `${run}-authority`, "--publish", `${gateway}:${acmePort}:${acmePort}`],
    ...["--add-host", `${domain}:127.0.0.2`, "--volume", `${folder}/Caddyfile:/Caddyfile:ro`],
    ...[`caddy:${versions.caddy}`, "caddy", "run", "--config", "/Caddyfile", "--adapter", "caddyfile"],
  ])
  await forward(flags, gateway)
  const root = `${run}-authority:/data/caddy/pki/authorities/local/root.crt`
  await vi.waitFor(() => execa("docker", ["cp", root, join(folder, "root.crt")]), { timeout: 30_000 })
  return { directory: `${site}/acme/local/directory`, root: await readFile(join(folder, "root.crt"), "utf8") }
}

async function forward(flags: readonly string[], gateway: string): Promise<void> {
  const program = `
    const { connect, createServer } = require("node:net")
    for (const [from, to] of [[80, ${port}], [443, ${tlsPort}]])
      createServer(one => {
        const two = connect(to, "${gateway}")
        one.on("error", () => two.destroy()).pipe(two).on("error", () => one.destroy()).pipe(one)
      }).listen(from, "127.0.0.2")`
  await execa("docker", [
    ...["run", ...flags, "--name", `${run}-forward`, "--network", `container:${run}-authority`],
    ...["node:24-bookworm-slim", "node", "-e", program],
  ])
}

/** Over TLS, as a browser that trusts the authority. */
function get(
  path: string,
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; serial: string }> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: tlsPort, path, servername: domain, headers: { host: domain } }
    request({ ...options, ca: authority.root, agent: false }, response => {
      const { serialNumber } = (response.socket as TLSSocket).getPeerCertificate()
      response.resume()
      resolve({ status: response.statusCode ?? 0, headers: response.headers, serial: serialNumber })
    })
      .on("error", reject)
      .end()
  })
}

describe("an edge with a domain", () => {
  test("answers by https with a certificate that the authority issued for it", async () => {
    const answer = await get("/api/version")
    expect(answer.status).toBe(200)
    expect(answer.headers["strict-transport-security"]).toBe("max-age=31536000")
  })

  test("sends plain requests on to https", async () => {
    const plain = await fetch(`http://localhost:${port}/health`, {
      redirect: "manual",
      headers: { host: domain },
    })
    expect(plain.status).toBe(308)
    expect(plain.headers.get("location")).toMatch(new RegExp(`^https://(${domain}|localhost)/health$`))
  })

  test("keeps its certificate when its container is replaced", async () => {
    const before = await get("/health")
    await deployer("restart", "--service", "edge")
    expect((await get("/health")).serial).toBe(before.serial)
  })
})
