import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"
import { engineVolume, kitLabel, registryVolume } from "../../ci/engine/versions.ts"
import { replaceTable } from "../bench/document.ts"
import { inOrder } from "./in-order.ts"
import { Machine } from "./machine.ts"
import { Timings } from "./timings.ts"

const projectDir = join(dirname(fileURLToPath(import.meta.url)), "..", "..")
const minutes = 80

const timings = new Timings()
let machine: Machine
let address: string

beforeAll(async () => {
  const log = join(await mkdtemp(join(tmpdir(), "lockstep-fresh-")), "machine.log")
  console.log(`All that the bare machine prints: ${log}`)
  machine = await Machine.create(projectDir, log, minutes)
})

inOrder()

afterAll(async () => {
  await machine?.remove()
  console.log(timings.table())
  if (process.env.LOCKSTEP_WRITE_BENCHMARKS) await replaceTable("fresh", timings.table())
})

test("the machine has git and Node, and nothing that the kit brings", async () => {
  await machine.succeed("which git node npm")
  for (const tool of ["docker", "dockerd", "dagger", "go", "pip3", "mmdebstrap", "skopeo", "curl"]) {
    expect((await machine.type(`which ${tool}`)).exitCode, tool).not.toBe(0)
  }
})

test("npm start ends with an address where the service answers", async () => {
  const started = await machine.succeed("npm start")
  timings.add("npm start", started)
  address = /The service answers at (\S+)/.exec(started.stdout)?.[1] ?? ""
  expect(address).toMatch(/^http:/)
  await machine.succeed(`node -e ${request("/health/live", "answer.status === 200")}`)
})

test("the service names the digest that dagger call build prints", async () => {
  const { stdout } = await machine.succeed("dagger call build")
  const digest = /^backend +(sha256:[0-9a-f]{64})$/m.exec(stdout)?.[1]
  expect(digest, stdout).toBeDefined()
  await machine.succeed(`node -e ${request("/api/version", `(await answer.json()).digest === "${digest}"`)}`)
})

test("npm start runs to its end again", async () => {
  const started = await machine.succeed("npm start")
  timings.add("npm start again", started)
  expect(started.stdout).toContain(address)
})

test("dagger call stop frees the port", async () => {
  const listen = `node -e 'require("net").createServer().listen(${new URL(address).port}).unref()'`
  expect((await machine.type(listen)).exitCode).not.toBe(0)
  await machine.succeed("dagger call stop --env staging")
  await machine.succeed(listen)
})

test("npm test runs to its end and every test passes", async () => {
  const tested = await machine.succeed("npm test")
  timings.add("npm test", tested)
  expect(tested.stdout.trimEnd().split("\n").at(-1)).toMatch(/^[1-9]\d* passed, 0 failed$/)
})

test("the kit's clean takes away what the kit made and nothing else", async () => {
  await machine.succeed("tar -c /etc/hostname | docker import - someones/image:1")
  await machine.succeed("docker create --name someones -v someones-data:/data someones/image:1 /none")
  await machine.succeed("npm run kit -- clean")
  const owned = ["ps -aq", "images -q", "volume ls -q", "network ls -q"].map(
    list => `docker ${list} --filter label=${kitLabel}`,
  )
  const named = `docker volume ls -q | grep -xE '${engineVolume}|${registryVolume}' || true`
  expect((await machine.succeed([...owned, named].join("; "))).stdout.trim()).toBe("")
  const kept =
    "docker inspect --format {{.Id}} someones someones/image:1 && docker volume inspect someones-data"
  await machine.succeed(kept)
  await machine.succeed("! which dagger && test ! -e ~/.cache/lockstep && test ! -e ~/go")
})

test("npm start, killed while it compiles, can simply be run again", async () => {
  // The whole process group, so that nothing of it goes on.
  const killed = await machine.type("timeout --signal=KILL 40 npm start")
  expect(killed.exitCode).not.toBe(0)
  expect(killed.screen).toContain("✓ docker")
  expect(killed.screen).not.toContain("✓ engine binaries")
  await machine.succeed("ls ~/.cache/lockstep | grep ^draft- && sleep 11")
  const again = await machine.succeed("npm start")
  expect(again.stdout).toContain(address)
  await machine.succeed("! ls ~/.cache/lockstep | grep ^draft-")
})

/** A script for the machine's Node: asks the service and ends with 0 only when the condition holds. */
function request(path: string, condition: string): string {
  const ask = `fetch("${address}${path}").then(async answer => process.exit(${condition} ? 0 : 1))`
  return `'${ask}'`
}
