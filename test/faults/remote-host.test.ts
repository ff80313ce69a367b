import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { status as answerWith, Receiver } from "../ci/deployer/notification/receiver.ts"
import { type Call, Clone } from "../e2e/clone.ts"
import { RemoteHost, type users } from "./remote-host/host.ts"
import { Keys } from "./remote-host/keys.ts"

const project = `e2eremote${process.pid}`
const stack = `${project}-staging`

let clone: Clone
let keys: Keys
let host: RemoteHost

beforeAll(async () => {
  keys = await Keys.create()
  host = await RemoteHost.create(`lockstep-remote-${process.pid}`, await keys.make("key"))
  await keys.write("known", await host.knownHost())
  clone = await Clone.create()
  // No registry: the images go through the host to the one that it knows.
  await writeFile(join(clone.dir, ".env"), "")
})

afterAll(async () => {
  await host?.remove()
  await clone?.remove()
  await keys?.remove()
})

const file = (name: string) => `file://${keys.path(name)}`
const url = (user: keyof typeof users, port = "") => `ssh://${user}@${host.address}${port}`

interface Access {
  host: string
  key: string
  known: string
  registry: string
}

/** A call with access to the host; what is to be wrong in it can be said. */
function call(args: string[], changes: Partial<Access> = {}): Promise<Call> {
  const usual = { host: url("deployer"), key: file("key"), known: file("known"), registry: host.registry }
  const access = { ...usual, ...changes }
  const flags = [`--docker-host=${access.host}`, `--ssh-key=${access.key}`, `--known-hosts=${access.known}`]
  return clone.call(`--project=${project}`, `--registry-address=${access.registry}`, ...flags, ...args)
}

const deploy = (...more: string[]) =>
  call(["deploy", "--env", "staging", "--format=json", "--allow-unscanned", ...more])
const status = (changes?: Partial<Access>) => call(["status", "--env", "staging"], changes)

describe("a host by ssh", () => {
  test("gets the release, its name is in the address that is printed, and the webhook is told", async () => {
    const receiver = await Receiver.listenAt(host.registry.split(":")[0] ?? "", answerWith(200))
    process.env.E2E_WEBHOOK = receiver.url.href
    const { exitCode, stdout, screen } = await call([
      ...["--webhook=env://E2E_WEBHOOK", "deploy", "--env", "staging", "--format=json", "--allow-unscanned"],
    ])
    await receiver.close()
    expect(exitCode, screen).toBe(0)
    const deployed = JSON.parse(stdout)
    expect(deployed.url).toBe(`http://${host.address}:8080`)
    const answer = await fetch(`${deployed.url}/api/version`)
    expect(await answer.json()).toMatchObject({ digest: deployed.digest, environment: "staging" })
    const here = await execa("docker", ["service", "ls", "--quiet", "--filter", `name=${project}`])
    expect(here.stdout).toBe("")
    expect(receiver.bodies.map(body => JSON.parse(body).lockstep)).toMatchObject([
      { environment: "staging", outcome: "done", url: deployed.url, digests: { backend: deployed.digest } },
    ])
    for (const secret of [(await keys.read("key")).split("\n")[1], "s3cret"])
      expect(screen).not.toContain(secret)
  })

  test("is known by settings in .env as by flags, and takes a key from a variable that lost its last line end", async () => {
    const settings = await readFile(join(clone.dir, ".env"), "utf8")
    process.env.E2E_SSH_KEY = (await keys.read("key")).replaceAll("\n", "\r\n")
    const access = `DOCKERHOST=${url("deployer", ":22")}\nSSHKEY=env://E2E_SSH_KEY\nKNOWNHOSTS=${file("known")}\n`
    try {
      await writeFile(join(clone.dir, ".env"), `${settings}${access}PROJECT=${project}\n`)
      const { stdout, screen } = await clone.call("status", "--env", "staging")
      expect(stdout, screen).toContain(`http://${host.address}:8080`)
      expect(stdout).toMatch(new RegExp(`${stack}_backend +1/1 +healthy`))
    } finally {
      delete process.env.E2E_SSH_KEY
      await writeFile(join(clone.dir, ".env"), settings)
    }
  })

  test("gives what is at its registry through the same connection, as evidence and as images", async () => {
    const published = await call(["images", "publish"])
    expect(published.exitCode, published.screen).toBe(0)
    const backend = published.stdout.split("\n").find(line => line.includes("/backend@"))
    const verified = await call(["verify", "--ref", backend ?? ""])
    expect(verified.screen).toContain("scan ended with WARNED: it was not made, by --allow-unscanned")
  })

  test("without a registry where one is said to be is told so, and nothing is changed", async () => {
    const { exitCode, screen } = await call(["deploy", "--env", "staging", "--allow-unscanned"], {
      registry: "localhost:5999",
    })
    expect(exitCode).toBe(1)
    expect(screen).toContain("error DEPLOY_REGISTRY_UNREACHABLE: ")
  })

  test("keeps its deployment when the connection is cut in the middle", async () => {
    const deploying = deploy("--replicas", "2")
    const replicas = `docker service inspect -f '{{.Spec.Mode.Replicated.Replicas}}' ${stack}_backend`
    await expect.poll(() => host.inside(replicas), { timeout: 60_000, interval: 200 }).toBe("2")
    await host.inside("pkill -KILL -u deployer sshd")
    const { exitCode, screen } = await deploying
    expect(exitCode, screen).toBe(0)
    expect((await status()).stdout).toMatch(new RegExp(`${stack}_backend +2/2 +healthy`))
  })

  test("is left clean by stop", async () => {
    expect(await call(["stop", "--env", "staging"])).toMatchObject({ exitCode: 0 })
    expect(await host.inside("docker service ls -q && docker ps -q")).toBe("")
    await expect(fetch(`http://${host.address}:8080/health/live`)).rejects.toThrow()
  })
})

describe("what the host refuses is told with a code, and nothing is changed", () => {
  const refused: [what: string, code: string, changes: () => Partial<Access>][] = [
    ["a port where nothing listens", "DEPLOY_HOST_UNREACHABLE", () => ({ host: url("deployer", ":23") })],
    ["a name that nobody has", "DEPLOY_HOST_UNREACHABLE", () => ({ host: "ssh://deployer@nowhere.invalid" })],
    ["a port where no ssh answers", "DEPLOY_HOST_UNREACHABLE", () => ({ host: `ssh://x@${host.registry}` })],
    ["a host whose key is not known", "DEPLOY_HOST_KEY_UNKNOWN", () => ({ known: file("unknown") })],
    ["a host that shows another key", "DEPLOY_HOST_KEY_CHANGED", () => ({ known: file("changed") })],
    ["a key that the host does not take", "DEPLOY_SSH_KEY_REFUSED", () => ({ key: file("other") })],
    ["a host without Docker", "DEPLOY_HOST_NO_DOCKER", () => ({ host: url("bare") })],
    ["a user who may not use Docker", "DEPLOY_HOST_NOT_PERMITTED", () => ({ host: url("outsider") })],
    ["a host whose dockerd does not run", "DEPLOY_DOCKER_UNREACHABLE", () => ({ host: url("stranded") })],
  ]

  beforeAll(async () => {
    const other = await keys.make("other")
    await keys.write("unknown", `somewhere.example ${other}\n`)
    await keys.write("changed", `${host.address} ${other}\n`)
  })

  test.concurrent.each(refused)("%s: %s", async (_, code, changes) => {
    const { exitCode, screen } = await status(changes())
    expect(screen).toContain(`error ${code}: `)
    expect(exitCode).toBe(10)
  })
})

describe("what is not given, or cannot be used, is told before anything is built", () => {
  beforeAll(async () => {
    await keys.make("locked", "a passphrase")
    await keys.write("none", "# only words\n")
    await keys.write("broken", `${(await keys.read("key")).slice(0, 99)}\n`)
  })

  test.concurrent.each([
    ["a key with a passphrase", "DEPLOY_SSH_KEY_UNUSABLE", () => ({ key: file("locked") })],
    ["half a key", "DEPLOY_SSH_KEY_UNUSABLE", () => ({ key: file("broken") })],
    ["known hosts without a line", "DEPLOY_KNOWN_HOSTS_MISSING", () => ({ known: file("none") })],
  ])("%s: %s", async (_, code, changes) => {
    const { exitCode, screen } = await status(changes())
    expect(screen).toContain(`error ${code}: `)
    expect(exitCode).toBe(64)
  })

  test.concurrent.each([
    ["no key", "DEPLOY_SSH_KEY_MISSING", () => [`--known-hosts=${file("known")}`]],
    ["no known hosts", "DEPLOY_KNOWN_HOSTS_MISSING", () => [`--ssh-key=${file("key")}`]],
    ["a socket as well", "DEPLOY_TWO_TARGETS", () => ["--docker=unix:///var/run/docker.sock"]],
  ])("%s: %s", async (_, code, flags) => {
    const given = [`--docker-host=${url("deployer")}`, ...flags(), "deploy", "--env", "staging"]
    const { exitCode, screen } = await clone.call(...given)
    expect(screen).toContain(`error ${code}: `)
    expect(exitCode).toBe(1)
  })

  test("an address that would be an option of ssh: DEPLOY_HOST_ADDRESS", async () => {
    const { exitCode, screen } = await status({ host: "ssh://x@-oProxyCommand=touch /tmp/owned" })
    expect(screen).toContain("error DEPLOY_HOST_ADDRESS: ")
    expect(exitCode).toBe(1)
  })
})
