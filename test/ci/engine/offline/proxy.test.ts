import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest"
import { Origin } from "./origin.ts"
import { compiledProxy, ProxyProcess } from "./proxy-process.ts"

let program: string
let dir: string
let origin: Origin
let recorder: ProxyProcess
let started: ProxyProcess[]

beforeAll(async () => {
  program = await compiledProxy()
}, 300_000)

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "proxy-"))
  started = []
  origin = new Origin()
  await origin.start()
  await writeFile(join(dir, "origin.crt"), origin.certificate)
  recorder = await start("record")
})

afterEach(async () => {
  await Promise.all(started.map(proxy => proxy.stop()))
  await origin.stop()
  await rm(dir, { recursive: true })
})

async function start(mode: "record" | "replay"): Promise<ProxyProcess> {
  const dirs = { store: join(dir, "store"), authority: join(dir, `authority-${mode}`) }
  const proxy = await ProxyProcess.start(program, mode, dirs, { SSL_CERT_FILE: join(dir, "origin.crt") })
  started.push(proxy)
  return proxy
}

/** Ends the recording and the origin: from then on nothing but the store can answer. */
async function replay(): Promise<ProxyProcess> {
  await recorder.stop()
  await origin.stop()
  return await start("replay")
}

test("what was fetched by HTTP and HTTPS is there when its servers are gone", async () => {
  const [plain, secured] = origin.urls
  const urls = [`${plain}/a`, `${secured}/a`, `${secured}/@scope%2fname`, `${secured}/status/404`]
  const recorded = []
  for (const url of urls) recorded.push(await recorder.ask(url))
  const replayer = await replay()
  for (const [index, url] of urls.entries()) {
    const got = await replayer.ask(url)
    expect([got.status, got.body]).toEqual([recorded[index]?.status, recorded[index]?.body])
  }
  expect(recorded.map(({ status }) => status)).toEqual([200, 200, 200, 404])
})

test("a URL is fetched once, and all clients get the same, also when they ask at once", async () => {
  const url = `${origin.urls[1]}/changes-each-time`
  const bodies = (await Promise.all([1, 2, 3].map(() => recorder.ask(url)))).map(({ body }) => body)
  expect(new Set(bodies).size).toBe(1)
  expect(origin.asked).toHaveLength(1)
})

test("keeps what tells of the content, and nothing that was meant for one client", async () => {
  const url = `${origin.urls[1]}/package`
  await recorder.ask(url)
  const { headers } = await (await replay()).ask(url)
  expect(headers["content-type"]).toBe("application/x-package")
  expect(headers["set-cookie"]).toBeUndefined()
})

test("a client that knows a part or an older state still gets the whole, and so it is recorded", async () => {
  const url = `${origin.urls[0]}/part`
  const headers = {
    range: "bytes=3-",
    "if-none-match": '"old"',
    "if-modified-since": new Date().toUTCString(),
  }
  const { status, body } = await recorder.ask(url, { headers })
  expect([status, body]).toEqual([200, expect.stringMatching(/^GET \/part /)])
  expect(Object.keys(origin.asked[0]?.headers ?? {})).not.toContain("range")
  expect((await (await replay()).ask(url, { headers })).body).toBe(body)
})

test("a HEAD is answered from the same record as a GET", async () => {
  const url = `${origin.urls[1]}/head`
  const head = await recorder.ask(url, { method: "HEAD" })
  expect([head.status, head.body]).toEqual([200, ""])
  const replayer = await replay()
  const got = await replayer.ask(url)
  expect(got.body).toMatch(/^GET \/head /)
  const again = await replayer.ask(url, { method: "HEAD" })
  expect([again.body, again.headers["content-length"]]).toEqual(["", String(got.body.length)])
})

test("redirects are replayed as such", async () => {
  const url = `${origin.urls[1]}/status/302`
  await recorder.ask(url)
  const { status, headers } = await (await replay()).ask(url)
  expect([status, headers.location]).toEqual([302, "/elsewhere"])
})

test("what says nothing lasting is passed on and not kept: errors of a server, and other methods", async () => {
  const [, secured] = origin.urls
  expect((await recorder.ask(`${secured}/status/503`)).status).toBe(503)
  expect((await recorder.ask(`${secured}/post`, { method: "POST", body: "x" })).body).toMatch(/^POST \/post /)
  const replayer = await replay()
  expect((await replayer.ask(`${secured}/status/503`)).status).toBe(403)
  expect((await replayer.ask(`${secured}/post`, { method: "POST", body: "x" })).status).toBe(403)
})

test("an answer that breaks off breaks off for the client too, and is not kept", async () => {
  const url = `${origin.urls[1]}/broken-off`
  await expect(recorder.ask(url)).rejects.toThrow(/aborted|hang up|ECONNRESET/)
  expect((await (await replay()).ask(url)).status).toBe(403)
  expect((await readdir(join(dir, "store"))).filter(name => name.startsWith("draft-"))).toEqual([])
})

test("a server that cannot be reached, or whose certificate nobody vouches for, is an error and not kept", async () => {
  await writeFile(join(dir, "origin.crt"), (await readFile(join(dir, "origin.crt"), "utf8")).slice(0, 40))
  const strict = await start("record")
  const url = `${origin.urls[1]}/a`
  expect((await strict.ask(url)).body).toContain("certificate")
  expect((await strict.ask("http://127.0.0.1:1/")).status).toBe(502)
  expect((await (await replay()).ask(url)).status).toBe(403)
})

test("what was not recorded is refused by name, in the form that the client reads", async () => {
  const replayer = await replay()
  const text = await replayer.ask("https://registry.example/thing")
  expect([text.status, text.body]).toEqual([
    403,
    expect.stringMatching(
      /^error KIT_NOT_IN_PACK: GET https:\/\/registry\.example\/thing is not in the pack/,
    ),
  ])
  const json = await replayer.ask("https://registry.example/thing", {
    headers: { accept: "application/json" },
  })
  expect(JSON.parse(json.body).error).toContain("https://registry.example/thing is not in the pack")
})

test("the authority's key is its owner's alone, and stays the same at the next start", async () => {
  const authority = join(dir, "authority-record")
  expect((await stat(join(authority, "authority.key"))).mode & 0o777).toBe(0o600)
  const before = await readFile(join(authority, "authority.crt"), "utf8")
  await recorder.stop()
  await start("record")
  expect(await readFile(join(authority, "authority.crt"), "utf8")).toBe(before)
})

test("ends with whoever started it", async () => {
  const ended = new Promise(resolve => recorder.child.once("exit", resolve))
  recorder.child.stdin?.end()
  expect(await ended).toBe(0)
})
