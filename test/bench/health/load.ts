import { Agent, get } from "node:http"

export interface Load {
  /** Milliseconds, in ascending order. */
  readonly latencies: number[]
  readonly statuses: ReadonlySet<number>
}

/** Asks over so many connections that stay open, each as soon as it has its answer, for so long. */
export async function load(url: string, connections: number, durationMs: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const latencies: number[] = []
  const statuses = new Set<number>()
  const end = performance.now() + durationMs
  const worker = async () => {
    while (performance.now() < end) {
      const start = performance.now()
      statuses.add(await ask(url, agent))
      latencies.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  agent.destroy()
  return { latencies: latencies.sort((a, b) => a - b), statuses }
}

function ask(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, response => {
      response.resume().once("end", () => resolve(response.statusCode ?? 0))
    }).once("error", reject)
  })
}

/** By nearest rank, of values in ascending order. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN
