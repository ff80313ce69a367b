import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Finding } from "../model.ts"
import type { Reader, Run } from "../run.ts"

// libc6/stable-security 2.36-9+deb12u13 amd64 [upgradable from: 2.36-9+deb12u10]
const line = /^([^/\s]+)\/(\S+) (\S+) \S+ \[upgradable from: (\S+)\]$/gm

/** What Debian's security team has mended since the image's base was made. */
export const apt: Reader = {
  version: "bookworm",
  complete: [0],
  read(run, subject) {
    const upgrades = [...run.stdout.matchAll(line)].filter(([, , suite]) => suite?.includes("security"))
    return {
      findings: upgrades.map(([, name = "", , fixed = "", version = ""]) =>
        finding({ name, version, fixed }, subject),
      ),
      extent: `lists of ${listDate(run)}`,
    }
  },
}

function finding(update: { name: string; version: string; fixed: string }, subject: string): Finding {
  const { name, version, fixed } = update
  return {
    scan: "updates",
    rule: "debian-security-update",
    aliases: [],
    severity: "medium",
    place: { subject },
    package: { ecosystem: "Debian:12", name, version },
    title: `${name} ${version} has a security update`,
    todo: `build again on a base image with ${name} ${fixed}`,
    fixed,
    link: `https://tracker.debian.org/pkg/${name}`,
  }
}

/** The lists may come from a pack, and then be old; without any nothing was compared. */
function listDate({ dir }: Run): string {
  const path = join(dir, "dates")
  const dates = existsSync(path) ? readFileSync(path, "utf8").match(/(?<=^Date: ).*$/gm) : null
  const times = (dates ?? []).map(Date.parse).filter(time => !Number.isNaN(time))
  if (times.length === 0) throw new Error("there are no package lists")
  return new Date(Math.max(...times)).toISOString().slice(0, 10)
}
