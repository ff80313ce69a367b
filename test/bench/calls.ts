import { execa } from "execa"
import { Clone } from "../e2e/clone.ts"
import { machine, median } from "./table.ts"

const rounds = 9

/** One kind of call, and how to make the next one of it. */
interface Kind {
  name: string
  args(round: number): string[]
}

const kinds: Kind[] = [
  { name: "the CLI alone (dagger version)", args: () => ["version"] },
  { name: "unchanged call", args: () => ["call", "environments"] },
  // Another project is another argument: neither the constructor nor the function has been called with it.
  { name: "uncached call", args: round => ["call", `--project=b${process.pid}x${round}`, "environments"] },
]

/**
 * Times whole `dagger` commands on the project's own module, the kinds in turn so that the machine's moods meet all of
 * them. Wall-clock time in seconds, from the start of the process to its end.
 *
 * @returns a table in Markdown: minimum, median and maximum of each kind, and the ratio to an unchanged call
 */
export async function benchCalls(): Promise<string> {
  const clone = await Clone.create()
  try {
    const times = await measure(clone.dir)
    const unchanged = median(times.get("unchanged call") ?? [])
    const rows = kinds.map(({ name }) => row(name, times.get(name) ?? [], unchanged))
    return [
      `${rounds} rounds, ${machine()}`,
      "",
      "| what | min s | median s | max s | ratio |",
      "|---|---|---|---|---|",
      ...rows,
    ].join("\n")
  } finally {
    await clone.remove()
  }
}

async function measure(cwd: string): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>(kinds.map(({ name }) => [name, []]))
  // The first round loads the module and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const { name, args } of kinds) {
      const started = performance.now()
      await execa("dagger", ["--progress=plain", ...args(round)], {
        cwd,
        env: { DO_NOT_TRACK: "1", DAGGER_NO_NAG: "1" },
      })
      if (round > 0) times.get(name)?.push((performance.now() - started) / 1000)
    }
  }
  return times
}

function row(name: string, times: number[], unchanged: number): string {
  const cells = [Math.min(...times), median(times), Math.max(...times)].map(time => time.toFixed(2))
  return `| ${[name, ...cells, (median(times) / unchanged).toFixed(2)].join(" | ")} |`
}
