import { existsSync, readlinkSync } from "node:fs"
import { rename } from "node:fs/promises"
import { homedir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { execa } from "execa"
import { KitError } from "../lib/errors.ts"
import { isOwnLink, placeOwnLink, removeOwnLink } from "../lib/own-link.ts"
import { type Artifact, artifactPath, ensure, keyOf, keyOfFiles, orPacked } from "../lib/store.ts"
import { versions } from "../versions.ts"
import { compile, pinnedGo } from "./go.ts"

const moduleDir = join(dirname(fileURLToPath(import.meta.url)), "..", "compose")
const oldestCompose = 2

/** A plugin of Docker's command line: `docker compose`, and `docker buildx`, with which it builds images. */
interface Plugin {
  name: "compose" | "buildx"
  /** The Go package that it is, and what the Go tool calls its program. */
  source: string
  program: string
}

const plugins: readonly Plugin[] = [
  { name: "compose", source: "github.com/docker/compose/v5/cmd", program: "cmd" },
  { name: "buildx", source: "github.com/docker/buildx/cmd/buildx", program: "buildx" },
]

const buildFlags = [
  ...["-trimpath", "-buildvcs=false", "-ldflags"],
  [
    "-s -w",
    `-X github.com/docker/compose/v5/internal.Version=v${versions.compose}`,
    `-X github.com/docker/buildx/version.Version=v${versions.buildx}`,
  ].join(" "),
]

/** The version of Compose that Docker has; undefined when it has none, or cannot build with it. */
export async function readyCompose(): Promise<string | undefined> {
  const artifact = await pluginBinaries()
  for (const plugin of plugins) if (!(await isReady(plugin, artifact))) return undefined
  return await composeVersion()
}

/**
 * Compiles what is missing and leaves it where Docker looks for plugins of this user.
 *
 * @throws KitError KIT_OTHER_PLUGIN
 */
export async function makeCompose(): Promise<void> {
  const artifact = await pluginBinaries()
  await ensure(artifact)
  for (const plugin of plugins) {
    if (await isReady(plugin, artifact)) continue
    const link = linkOf(plugin)
    if (existsSync(link) && !isOwnLink(link)) throw otherPlugin(link)
    await placeOwnLink(link, join(artifactPath(artifact), plugin.name))
  }
}

/** Takes the links away that are the kit's. */
export async function removeCompose(): Promise<void> {
  for (const plugin of plugins) await removeOwnLink(linkOf(plugin))
}

/** Somebody else's plugin is used as it is; the kit's own must be the one of these sources. */
async function isReady(plugin: Plugin, artifact: Artifact): Promise<boolean> {
  const link = linkOf(plugin)
  if (isOwnLink(link)) {
    const target = readlinkSync(link)
    return target === join(artifactPath(artifact), plugin.name) && existsSync(target)
  }
  if (plugin.name === "compose") return isRecent(await composeVersion())
  const { failed } = await execa("docker", ["buildx", "version"], { reject: false, stdin: "ignore" })
  return !failed
}

async function composeVersion(): Promise<string | undefined> {
  const said = await execa("docker", ["compose", "version", "--short"], { reject: false, stdin: "ignore" })
  return said.failed ? undefined : said.stdout.trim()
}

/** @param version as `docker compose version --short` gives it: 2.40.3, or v5.5.1 */
export function isRecent(version: string | undefined): boolean {
  const major = /^v?(\d+)\./.exec(version ?? "")?.[1]
  return Number(major ?? 0) >= oldestCompose
}

/** Both programs, under the plugins' names. */
export async function pluginBinaries(): Promise<Artifact> {
  return orPacked({
    name: "compose",
    key: keyOf(versions.goBin, plugins, buildFlags, await keyOfFiles(moduleDir)),
    async make(dir) {
      const args = [...buildFlags, ...plugins.map(({ source }) => source)]
      await compile(await pinnedGo(), { moduleDir, dir, args })
      for (const { name, program } of plugins) await rename(join(dir, program), join(dir, name))
    },
  })
}

function linkOf({ name }: Plugin): string {
  const folder = process.env.DOCKER_CONFIG ?? join(homedir(), ".docker")
  return join(folder, "cli-plugins", `docker-${name}`)
}

function otherPlugin(path: string): KitError {
  return new KitError("KIT_OTHER_PLUGIN", `${path} does not serve`, {
    why: `it does not answer or is older than version ${oldestCompose}, and the kit does not replace what it did not install`,
    fix: `update ${path} or move it away, then run the same command again`,
  })
}
