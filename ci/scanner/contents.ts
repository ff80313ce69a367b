import type { Finding, ScanResult } from "./model.ts"
import type { Look } from "./run.ts"
import { type Component, readSbom } from "./sbom.ts"

const shells = ["bash", "dash", "busybox", "busybox-static", "zsh", "ksh", "mksh", "fish"]
const managers = ["apt", "dpkg", "npm", "yarn", "pnpm", "corepack", "pip"]

/** What an intruder would be glad of, and a web service does without. */
export function checkContents(looks: readonly Look[]): ScanResult {
  const result = { name: "contents", version: "1" } as const
  try {
    const seen = looks.map(({ subject, dir }) => ({ subject, components: readSbom(dir) }))
    return {
      ...result,
      state: "done",
      extent: `${seen.flatMap(({ components }) => components).length} packages`,
      findings: seen.flatMap(({ subject, components }) => components.flatMap(one => unwanted(one, subject))),
    }
  } catch (error) {
    return { ...result, state: "error", reason: (error as Error).message, extent: "", findings: [] }
  }
}

function unwanted({ type, name, version }: Component, subject: string): Finding[] {
  const kind = shells.includes(name) ? "shell" : managers.includes(name) ? "package-manager" : undefined
  if (kind === undefined) return []
  return [
    {
      scan: "contents",
      rule: kind,
      aliases: [],
      severity: "low",
      place: { subject },
      package: { ecosystem: type === "deb" ? "Debian:12" : type, name, version },
      title: `${name} is in the image`,
      todo: "use a base without it; of the backend: --backend-runtime=minimal",
    },
  ]
}
