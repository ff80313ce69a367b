import { execa } from "execa"
import { startTwin } from "../../ci/engine/reproduce/twin.ts"
import { registryPort } from "../../ci/engine/versions.ts"
import { ofNetwork } from "../docker-host/host.ts"
import { Clone } from "../e2e/clone.ts"
import { machine } from "./table.ts"

/** What the jobs of the workflow call, each on an engine of its own. */
const calls = ["test", "build", "security-scan"]

/**
 * Times the calls of CI on engines that have nothing: without a cache, with one that is empty and gets filled, and with
 * the filled one. The cache is in the kit's registry. Wall-clock time in seconds.
 *
 * @returns a table in Markdown
 */
export async function benchCache(): Promise<string> {
  const clone = await Clone.create()
  try {
    const rows = []
    for (const call of calls) {
      const cache = await cacheIn(`lockstep-bench-cache-${Date.now()}`)
      const without = await onEmptyEngine(clone, call, {})
      const filling = await onEmptyEngine(clone, call, cache)
      const filled = await onEmptyEngine(clone, call, cache)
      rows.push({ call, without, filling, filled })
    }
    return table(rows)
  } finally {
    await clone.remove()
  }
}

/** The variable with which a runner names its cache. */
async function cacheIn(repository: string): Promise<Record<string, string>> {
  const cache = `type=registry,ref=${await ofNetwork("Gateway")}:${registryPort}/${repository},mode=max`
  return { _EXPERIMENTAL_DAGGER_CACHE_CONFIG: cache }
}

async function onEmptyEngine(clone: Clone, call: string, cache: Record<string, string>): Promise<number> {
  const twin = await startTwin("bench-cache")
  try {
    const engine = { _EXPERIMENTAL_DAGGER_RUNNER_HOST: twin.address }
    const env = { DO_NOT_TRACK: "1", DAGGER_NO_NAG: "1", ...engine, ...cache }
    const started = performance.now()
    await execa("dagger", ["--progress=plain", "call", call], { cwd: clone.dir, env })
    const seconds = (performance.now() - started) / 1000
    console.log(`${call}: ${seconds.toFixed(1)} s`)
    return seconds
  } finally {
    await twin.remove()
  }
}

interface Row {
  call: string
  without: number
  filling: number
  filled: number
}

function table(rows: Row[]): string {
  const cell = (seconds: number, to: number) => `${seconds.toFixed(1)} | ${(seconds / to).toFixed(2)}`
  return [
    `Once each, ${machine()}`,
    "",
    "| call on an empty engine | without a cache, s | filling the cache, s | ratio | with the filled cache, s | ratio |",
    "|---|---:|---:|---:|---:|---:|",
    ...rows.map(({ call, without, filling, filled }) => {
      return `| \`${call}\` | ${without.toFixed(1)} | ${cell(filling, without)} | ${cell(filled, without)} |`
    }),
  ].join("\n")
}
