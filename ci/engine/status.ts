import { succeeds } from "./lib/run.ts"
import { cacheDir, unpacked } from "./lib/store.ts"
import { registryAnswers, runningEngine } from "./steps/containers.ts"
import { dockerAnswers } from "./steps/docker.ts"
import { swarmState } from "./steps/swarm.ts"
import { registryPort, versions } from "./versions.ts"

/** One thing that the kit looks after: its name, whether it is ready, and a word about it. */
export interface StatusLine {
  part: string
  ready: boolean
  detail: string
}

/** What is there now; changes nothing. */
export async function status(): Promise<StatusLine[]> {
  const docker = await dockerAnswers()
  const dagger = {
    part: "dagger",
    ready: await succeeds("dagger", ["version"]),
    detail: `v${versions.dagger} is needed`,
  }
  const cache = { part: "cache folder", ready: true, detail: cacheDir }
  const source = { part: "source", ready: true, detail: sourceDetail() }
  if (!docker) return [{ part: "docker", ready: false, detail: "does not answer" }, dagger, cache, source]
  const [engine, registry, swarm] = await Promise.all([runningEngine(), registryAnswers(), swarmState()])
  return [
    { part: "docker", ready: true, detail: "answers" },
    { part: "swarm", ready: swarm.manager, detail: swarm.state },
    { part: "registry", ready: registry, detail: `localhost:${registryPort}` },
    {
      part: "engine",
      ready: engine !== "none",
      detail: { kit: "the kit's", other: "not the kit's", none: "not running" }[engine],
    },
    dagger,
    cache,
    source,
  ]
}

function sourceDetail(): string {
  if (!unpacked) return "the network"
  const { commit, made } = unpacked
  return `a pack of commit ${commit.slice(0, 12)}, made ${made.slice(0, 10)}: no network is used`
}

/** The lines as a table for people. */
export function formatStatus(lines: StatusLine[]): string {
  return lines
    .map(({ part, ready, detail }) => `  ${ready ? "✓" : "✗"} ${part.padEnd(16)} ${detail}`)
    .join("\n")
}
