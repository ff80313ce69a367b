import * as commands from "../docker/commands.ts"
import { type Docker, must } from "../docker/exec.ts"
import { type Json, jsonLines } from "../docker/parse.ts"
import { DeployError } from "../errors.ts"
import type { Finding } from "./check.ts"

/** What the target itself must have. */

const gigabyte = 1e9
const room = { needed: 1 * gigabyte, better: 5 * gigabyte }

export async function readInfo(docker: Docker): Promise<Json> {
  return jsonLines(await must(docker, commands.info()))[0] ?? unreadable()
}

function unreadable(): never {
  throw new Error("docker info printed no JSON")
}

export async function nodes(docker: Docker): Promise<Finding> {
  const all = jsonLines(await must(docker, commands.nodeList()))
  const ready = all.filter(node => node.at("Status").text === "Ready")
  const found = `manager; ${ready.length} of ${all.length} nodes ready`
  if (ready.length === all.length) return found
  const away = all.filter(node => !ready.includes(node)).map(node => node.at("Hostname").text)
  return {
    found: `${found}, not ready: ${away.join(", ")}`,
    warning: "start them, or take them out: docker node rm",
  }
}

/**
 * The space where Docker keeps its images: a container's own file system lies there. Without a container nobody says.
 *
 * @param container one that runs there; undefined for none
 */
export async function disk(docker: Docker, container: string | undefined): Promise<Finding> {
  const free =
    container === undefined
      ? undefined
      : freeBytes(await docker(commands.execute(container, ["df", "-Pk", "/"])))
  if (free === undefined) {
    const found = `free space not known; ${await usage(docker)}`
    return { found, warning: "see `df -h /var/lib/docker` on the target" }
  }
  const found = `${(free / gigabyte).toFixed(1)} GB free`
  if (free < room.needed) {
    throw new DeployError("DEPLOY_DISK_FULL", "the target's disk is nearly full", {
      why: found,
      todo: "make room: `docker image prune -a` there removes images that no container has",
    })
  }
  return free < room.better ? { found, warning: "make room: docker image prune -a" } : found
}

/** What the images take. Docker looks at every volume and container for it; where that takes long it is left out. */
async function usage(docker: Docker): Promise<string> {
  const { stdout } = await docker(commands.diskUsage(), { timeoutSeconds: 20 }).catch(() => ({ stdout: "" }))
  const images = jsonLines(stdout).find(row => row.at("Type").text === "Images")
  const size = (name: string) => images?.at(name).text.split(" ")[0]
  return images ? `images ${size("Size")}, ${size("Reclaimable")} of it unused` : "images not counted"
}

/** @param printed what `df -Pk` did; undefined when it did not say */
export function freeBytes({ code, stdout }: { code: number; stdout: string }): number | undefined {
  const kilobytes = Number(stdout.trim().split("\n").at(-1)?.split(/\s+/)[3])
  return code === 0 && kilobytes >= 0 ? kilobytes * 1024 : undefined
}

const longest = 5

/** Times in the history, and the age of the evidence, are the deployer's; those in the logs are the target's. */
export function clock(info: Json, now: Date): Finding {
  const there = Date.parse(info.at("SystemTime").text)
  if (Number.isNaN(there))
    return { found: "Docker does not say its time", warning: "compare `date -u` on both" }
  const seconds = Math.round((there - now.getTime()) / 1000)
  const found = `the target is ${Math.abs(seconds)} s ${seconds < 0 ? "behind" : "ahead"}`
  if (Math.abs(seconds) <= longest) return `differs by ${Math.abs(seconds)} s`
  return { found, warning: "set both clocks (NTP); no lock depends on it, but times in history and logs do" }
}

/** Docker names it among its options since 23; before, only a container's process shows it. */
export async function privileges(
  docker: Docker,
  info: Json,
  container: string | undefined,
): Promise<Finding> {
  const options = info.at("SecurityOptions").list.map(option => option.text)
  const status = container
    ? (await docker(commands.execute(container, ["cat", "/proc/1/status"]))).stdout
    : ""
  if (options.some(option => option.includes("no-new-privileges")) || /NoNewPrivs:\s*1/.test(status))
    return "no-new-privileges is on"
  const found = /NoNewPrivs:\s*0/.test(status) ? "no-new-privileges is off" : "no-new-privileges: not seen"
  return { found, warning: 'put "no-new-privileges": true into /etc/docker/daemon.json and restart Docker' }
}

const noSuchImage = `sha256:${"0".repeat(64)}`
const answers = /manifest unknown|not found|does not exist|repository .* not found/i
const denied = /unauthorized|denied|authentication required/i

/** Asks, as a release would, for an image that cannot exist: a registry that answers says so. */
export async function registry(docker: Docker, address: string | undefined): Promise<Finding> {
  if (address === undefined) return { found: "not known which", warning: "give --registry" }
  const { stderr } = await docker(commands.pull(`${address}/lockstep/backend@${noSuchImage}`), {
    timeoutSeconds: 60,
  })
  const said = stderr.trim().split("\n").at(-1) ?? ""
  if (answers.test(said) && !denied.test(said)) return `${address} answers`
  throw new DeployError("DEPLOY_REGISTRY_UNREACHABLE", `the target's Docker gets nothing from ${address}`, {
    why: said || "it said nothing",
    todo: registryFix(said),
  })
}

function registryFix(said: string): string {
  if (denied.test(said)) return "log in to it on the machine that deploys: docker login"
  if (/http response to https|x509|certificate/i.test(said))
    return 'a registry without TLS must stand in "insecure-registries" of the target\'s /etc/docker/daemon.json'
  return "see that it runs (npm run kit -- status), and that --registry-address is its address as the target knows it"
}
