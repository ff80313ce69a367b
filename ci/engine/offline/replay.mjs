import { spawn } from "node:child_process"
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { aptSettings } from "./apt-settings.mjs"
import { authorityDir, cacheDir, packLink, unpackedManifest } from "./place.mjs"
import { requireSameKit } from "./verify.mjs"

/** @typedef {{ env: Record<string, string>, stop: () => void }} Replay */

/**
 * Where a pack is in use, starts the proxy that answers from it, for npm and apt on this machine.
 *
 * @param {string | undefined} verb what the kit is to do
 * @returns {Promise<Replay>} the variables that lead npm and apt to the proxy; none where there is no pack
 */
export async function startReplay(verb) {
  const manifest = unpackedManifest()
  if (!manifest) return { env: {}, stop: () => {} }
  // A pack that fits no more must at least be removable.
  if (verb !== "clean") requireSameKit(manifest)
  const pack = realpathSync(packLink)
  const program = join(pack, "artifacts", `proxy-${manifest.artifacts.proxy}`, "lockstep-proxy")
  const { address, stop } = await startProxy(program, join(pack, "packages"))
  const dir = mkdtempSync(join(tmpdir(), "lockstep-offline-"))
  const url = `http://${address}`
  const env = { ...npmSettings(url, manifest.npmRegistry), APT_CONFIG: writeAptSettings(dir, pack, url) }
  return {
    env,
    stop() {
      stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/**
 * @param {string} program
 * @param {string} store
 * @returns {Promise<{ address: string, stop: () => void }>}
 */
async function startProxy(program, store) {
  const log = openSync(join(cacheDir, "offline-proxy.log"), "w")
  const args = ["replay", "-store", store, "-authority", authorityDir, "-with-stdin"]
  // In a group of its own: whoever types Ctrl-C stops what uses it, and that still cleans up.
  const child = spawn(program, args, { stdio: ["pipe", "pipe", log], detached: true })
  const address = await new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("exit", code => reject(new Error(`${program} ended with ${code}`)))
    child.stdout?.on("data", piece => resolve(/listening on (\S+)/.exec(String(piece))?.[1]))
  })
  child.removeAllListeners("exit")
  // The pipe to its standard input is what keeps it alive; this process need not wait for it.
  child.unref()
  return { address, stop: () => child.kill() }
}

/**
 * @param {string} proxy
 * @param {string} registry
 */
function npmSettings(proxy, registry) {
  return {
    npm_config_proxy: proxy,
    npm_config_https_proxy: proxy,
    npm_config_cafile: join(authorityDir, "authority.crt"),
    npm_config_registry: registry,
  }
}

/**
 * @param {string} dir
 * @param {string} pack
 * @param {string} proxy
 */
function writeAptSettings(dir, pack, proxy) {
  // apt fetches as another user, who may not read the cache folder in root's home.
  const [authority, lists] = [join(dir, "authority.crt"), join(dir, "lists")]
  copyFileSync(join(authorityDir, "authority.crt"), authority)
  mkdirSync(join(lists, "partial"), { recursive: true })
  chmodSync(dir, 0o755)
  const file = join(dir, "apt.conf")
  writeFileSync(file, aptSettings({ proxy, authority, lists, sources: join(pack, "apt-sources.list") }))
  return file
}
