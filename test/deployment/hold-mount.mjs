// Brings about moby#48783 for the next container of a service that runs an image: once Docker writes its secrets, holds
// one of them open for writing, as a child of a busy daemon does by accident. Docker cannot make their mount read-only then.
import { spawnSync } from "node:child_process"
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs"
import { constants, setPriority } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"

/** The daemon's folder of containers, and whose it is. */
const [containers = "", service = "", image = ""] = process.argv.slice(2)
// Else it would miss the moment where the processors are busy: in real time if that may be, before all others if not.
setPriority(constants.priority.PRIORITY_HIGHEST)
spawnSync("chrt", ["--fifo", "--pid", "50", String(process.pid)])
const known = new Set(readdirSync(containers))
process.stdout.write("waiting\n")
await hold(join(containers, await nextContainer(), "mounts", "secrets"))

async function nextContainer() {
  for (;;) {
    const found = readdirSync(containers).find(id => !known.has(id) && isWanted(id))
    if (found) return found
    await sleep(5)
  }
}

/** @param {string} id */
function isWanted(id) {
  try {
    const settings = readFileSync(join(containers, id, "config.v2.json"), "utf8")
    return settings.includes(`"${service}"`) && settings.includes(image)
  } catch {
    return false
  }
}

/** @param {string} secrets */
async function hold(secrets) {
  const file = openFirst(secrets)
  // Until Docker has met it, and given up.
  await sleep(1000)
  closeSync(file)
  process.stdout.write("held\n")
}

/**
 * There are some milliseconds between the first file and the moment at which the mount is made read-only.
 *
 * @param {string} dir
 */
function openFirst(dir) {
  for (;;) {
    try {
      for (const name of readdirSync(dir)) return openSync(join(dir, name), "r+")
    } catch (error) {
      // Not there yet. Where it is, and read-only already, the moment is missed.
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error
    }
  }
}
