import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { execa } from "execa"
import { afterAll, beforeAll, expect, test } from "vitest"
import { replaceTable } from "../bench/document.ts"
import { Clone } from "../e2e/clone.ts"
import { diskDir } from "./container.ts"
import { inOrder } from "./in-order.ts"
import { Machine } from "./machine.ts"
import { Timings } from "./timings.ts"

const projectDir = join(dirname(fileURLToPath(import.meta.url)), "..", "..")
const minutes = 60

const timings = new Timings()
let disk: string
let packed: string
let machine: Machine

beforeAll(async () => {
  disk = await mkdtemp(join(tmpdir(), "lockstep-offline-"))
  packed = await pack(join(disk, "pack.tar"))
  const log = join(await mkdtemp(join(tmpdir(), "lockstep-fresh-")), "machine.log")
  console.log(`All that the machine without network prints: ${log}`)
  machine = await Machine.create(projectDir, log, minutes, { disk })
}, 1_800_000)

/** Makes the pack on this host, which has a network, from the committed state, which the machine gets, too. */
async function pack(file: string): Promise<string> {
  const clone = await Clone.create()
  const started = Date.now()
  // With the hand-written vulnerability database that the clone's settings name.
  const args = [join("ci", "engine", "entry.mjs"), "pack", `--out=${file}`]
  const { all } = await execa("node", args, { cwd: clone.dir, all: true }).finally(() => clone.remove())
  console.log(all)
  timings.add("pack", { exitCode: 0, stdout: all, screen: all, seconds: (Date.now() - started) / 1000 })
  return all
}

inOrder()

afterAll(async () => {
  await machine?.remove()
  const { size } = await stat(join(disk, "pack.tar"))
  const table = `The pack has ${(size / 1e6).toFixed(0)} MB; ${timings.table()}`
  console.log(table)
  if (process.env.LOCKSTEP_WRITE_BENCHMARKS) await replaceTable("offline", table)
  await rm(disk, { recursive: true, force: true })
})

test("the machine has no route to anywhere, and nothing that the kit brings", async () => {
  const { stdout } = await machine.succeed("cat /proc/net/route")
  expect(stdout.trim().split("\n")).toHaveLength(1)
  for (const tool of ["docker", "dagger", "go", "pip3", "mmdebstrap", "skopeo", "zstd"])
    expect((await machine.type(`which ${tool}`)).exitCode, tool).not.toBe(0)
})

test("without the pack npm start says that it needs a network", async () => {
  const { exitCode, screen } = await machine.type("npm_config_fetch_retries=0 npm start")
  expect(exitCode).toBe(1)
  expect(screen).toContain("error KIT_NPM_CI")
})

test("a pack that ends too early is refused, and nothing is left of it", async () => {
  await machine.succeed(`head -c 100000000 ${diskDir}/pack.tar > /root/half.tar`)
  const { exitCode, screen } = await machine.type("npm run kit -- unpack /root/half.tar")
  expect(exitCode).toBe(1)
  expect(screen).toContain("error KIT_PACK_DAMAGED")
  await machine.succeed('test -z "$(ls -A ~/.cache/lockstep)" && rm /root/half.tar')
})

test("unpack puts the pack into use", async () => {
  const unpacked = await machine.succeed(`npm run kit -- unpack ${diskDir}/pack.tar`)
  timings.add("unpack", unpacked)
})

test("npm start ends with an address where the service answers", async () => {
  const started = await machine.succeed("npm start")
  timings.add("npm start", started)
  expect(started.stdout).not.toContain("not scanned")
  const address = /The service answers at (\S+)/.exec(started.stdout)?.[1]
  const alive = `fetch("${address}/health/live").then(answer => process.exit(answer.status === 200 ? 0 : 1))`
  await machine.succeed(`node -e '${alive}'`)
})

test("the images have the digests that they had with network", async () => {
  const { stdout } = await machine.succeed("dagger call build")
  const digests = stdout.match(/sha256:[0-9a-f]{64}/g) ?? []
  expect(digests, stdout).toHaveLength(3)
  for (const digest of digests) expect(packed).toContain(digest)
})

test("test, policy, scan and deploy run", async () => {
  const calls = ["test", "policy", "security-scan", "deploy --env staging", "status --env staging"]
  for (const call of calls) await machine.succeed(`dagger call ${call}`)
})

test("kit status says that a pack is in use", async () => {
  expect((await machine.succeed("npm run kit -- status")).stdout).toMatch(/source +a pack of commit/)
  expect((await machine.type("npm run kit -- pack")).screen).toContain("error KIT_PACK_OFFLINE")
})

test("npm test runs to its end and every test passes", async () => {
  const tested = await machine.succeed("npm test")
  timings.add("npm test", tested)
  expect(tested.stdout.trimEnd().split("\n").at(-1)).toMatch(/^[1-9]\d* passed, 0 failed$/)
})

test("the kit's clean ends the use of the pack", async () => {
  await machine.succeed("npm run kit -- clean")
  await machine.succeed("! which dagger && test ! -e ~/.cache/lockstep")
})
