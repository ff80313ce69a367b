import { cp, mkdir, writeFile } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { dirname, join } from "node:path"
import { execa } from "execa"

/** What the end-to-end tests of the deployer need around it: images to deploy, ports. */

export type Mode = "ok" | "sick" | "crash"

const server = `
const mode = process.env.MODE
if (mode === "crash") { console.log("crashing as told"); process.exit(3) }
console.log("listening, mode " + mode)
require("node:http").createServer((request, response) => {
  response.statusCode = mode === "ok" ? 200 : 500
  response.end(JSON.stringify({ mode, digest: process.env.APP_DIGEST, env: process.env.APP_ENV }))
}).listen(3000)
process.on("SIGTERM", () => process.exit(0))
`
// node:http, as loading fetch would double what a check costs on a busy machine.
const check = `require("node:http").get("http://127.0.0.1:3000", response => {
  console.log(response.statusCode)
  process.exit(response.statusCode === 200 ? 0 : 1)
}).on("error", () => process.exit(1))`
// Short, as each release is watched for as long as these checks may need to find a sick container.
const timing = "--interval=1s --timeout=3s --retries=2 --start-period=1s"

/** One image a mode, pushed; returns the references by digest. `label` marks them for removal. */
export async function makeImages(
  folder: string,
  repository: string,
  label: string,
): Promise<Record<Mode, string>> {
  const root = join(folder, "root")
  await makeRoot(root)
  const make = (mode: Mode) => makeImage(root, repository, mode, label)
  // One after the other: the files are the same, so that only the first push carries them.
  return { ok: await make("ok"), sick: await make("sick"), crash: await make("crash") }
}

/** This machine's node with the libraries that it needs: an image without any registry or package. */
async function makeRoot(root: string): Promise<void> {
  const { stdout } = await execa("ldd", [process.execPath])
  for (const library of stdout.match(/\/\S+/g) ?? []) await copy(library, join(root, library))
  await copy(process.execPath, join(root, "bin/node"))
  await writeFile(join(root, "server.js"), server)
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await cp(from, to, { dereference: true })
}

async function makeImage(root: string, repository: string, mode: Mode, label: string): Promise<string> {
  const healthcheck = `HEALTHCHECK ${timing} CMD ${JSON.stringify(["/bin/node", "-e", check])}`
  const changes = ['CMD ["/bin/node","/server.js"]', `ENV MODE=${mode}`, `LABEL ${label}`, healthcheck]
  const flags = changes.flatMap(change => ["--change", change])
  const name = `${repository}:${mode}`
  // Without times, so that the registry keeps one copy of the files for all runs.
  const tar = ["--create", "--sort=name", "--mtime=@0", "--directory", root, "."]
  await execa("tar", tar, { buffer: false }).pipe("docker", ["import", ...flags, "-", name])
  const { stdout } = await execa("docker", ["push", name])
  const digest = /digest: (sha256:[0-9a-f]{64})/.exec(stdout)?.[1]
  return `${repository}@${digest}`
}

export async function removeImages(label: string): Promise<void> {
  const { stdout } = await execa("docker", ["images", "--quiet", "--filter", `label=${label}`])
  const ids = new Set(stdout.split("\n").filter(Boolean))
  if (ids.size > 0) await execa("docker", ["rmi", "--force", ...ids])
}

export async function listen(port: number): Promise<Server> {
  const holder = createServer((_, response) => response.end("not the application"))
  await new Promise<void>((resolve, reject) => {
    holder.once("error", reject).listen(port, resolve)
  })
  return holder
}

export function close(holder: Server): Promise<void> {
  return new Promise(resolve => {
    holder.close(() => resolve())
  })
}

export async function freePort(): Promise<number> {
  const holder = await listen(0)
  const { port } = holder.address() as AddressInfo
  await close(holder)
  return port
}

export async function isFree(port: number): Promise<boolean> {
  const holder = await listen(port).catch(() => undefined)
  if (holder) await close(holder)
  return holder !== undefined
}
