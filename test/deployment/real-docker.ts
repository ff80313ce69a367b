import { cp, mkdir, writeFile } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { dirname, join } from "node:path"
import { execa } from "execa"
import { programs } from "./programs.ts"

/** What the end-to-end tests of the deployer need around it: images to deploy, ports. */

/** How an image behaves; what each does is in programs.ts. */
export type Mode = keyof typeof modes

// Short, as each release is watched for as long as these checks may need to find a sick container.
const timing = "--interval=500ms --timeout=2s --retries=3 --start-period=1s"

const modes = {
  ok: timing,
  /** Another good one. */
  next: timing,
  sick: timing,
  crash: timing,
  late: timing,
  slow: timing.replace("start-period=1s", "start-period=8s"),
  edge: timing,
} as const

/**
 * One image a mode, pushed.
 *
 * @param label marks them for removal; another label makes other images
 * @returns the references by digest
 */
export async function makeImages(
  folder: string,
  repository: string,
  label: string,
): Promise<Record<Mode, string>> {
  const root = join(folder, "root")
  await makeRoot(root)
  // Without times, so that the registry keeps one copy of the files for all runs.
  const tar = ["--create", "--sort=name", "--mtime=@0", "--directory", root, "."]
  const base = `${repository}:base`
  const labelled = ["--change", `LABEL ${label}`]
  await execa("tar", tar, { buffer: false }).pipe("docker", ["import", ...labelled, "-", base])
  const images: [string, string][] = []
  for (const mode of Object.keys(modes) as Mode[]) {
    images.push([mode, await makeImage(base, repository, mode)])
  }
  // It goes with the last image that stands on it.
  await execa("docker", ["rmi", base])
  return Object.fromEntries(images) as Record<Mode, string>
}

/** This machine's node with the libraries that it needs: an image without any registry or package. */
async function makeRoot(root: string): Promise<void> {
  const { stdout } = await execa("ldd", [process.execPath])
  for (const library of stdout.match(/\/\S+/g) ?? []) await copy(library, join(root, library))
  await copy(process.execPath, join(root, "bin/node"))
  for (const [name, text] of Object.entries(programs)) await writeFile(join(root, name), text)
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await cp(from, to, { dereference: true })
}

async function makeImage(base: string, repository: string, mode: Mode): Promise<string> {
  const program = mode === "edge" ? "edge.js" : "server.js"
  const url = mode === "edge" ? "http://127.0.0.1:8080/alive" : "http://127.0.0.1:3000"
  const healthcheck = `HEALTHCHECK ${modes[mode]} CMD ${JSON.stringify(["/bin/node", "/check.js", url])}`
  const changes = [`CMD ["/bin/node","/${program}"]`, `ENV MODE=${mode}`, healthcheck]
  const name = `${repository}:${mode}`
  const { stdout: container } = await execa("docker", ["create", base, "/bin/node"])
  await execa("docker", ["commit", ...changes.flatMap(change => ["--change", change]), container, name])
  await execa("docker", ["rm", container])
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
