import { machine } from "../bench/table.ts"
import type { Ended } from "./machine.ts"

/** A command that was timed, with the kit's own steps in it. */
interface Timing {
  command: string
  seconds: number
  steps: Map<string, string>
}

const stepLine = /^ {2}✓ (.+?) +(\d+\.\d) s(?: |$)/
const packagesLine = /^ {2}done in (\d+\.\d) s$/

/** Collects how long each step of each command took, for the benchmark document. */
export class Timings {
  readonly #timings: Timing[] = []

  add(command: string, { screen, seconds }: Ended): void {
    this.#timings.push({ command, seconds, steps: stepsOf(screen) })
  }

  /** One row a step, one column a command. */
  table(): string {
    const names = [...new Set(this.#timings.flatMap(({ steps }) => [...steps.keys()]))]
    const rows = names.map(name => [name, ...this.#timings.map(({ steps }) => steps.get(name) ?? "")])
    const sums = this.#timings.map(({ seconds }) => `**${seconds.toFixed(1)}**`)
    const head = ["step, in seconds", ...this.#timings.map(({ command }) => command)]
    const rule = ["---", ...this.#timings.map(() => "---:")]
    const lines = [head, rule, ...rows, ["**the command in all**", ...sums]]
    return `${machine()}\n\n${lines.map(cells => `| ${cells.join(" | ")} |\n`).join("")}`
  }
}

/** The times that the kit printed: a finished step a line, and before them the npm packages. */
function stepsOf(screen: string): Map<string, string> {
  const steps = new Map<string, string>()
  for (const line of screen.split("\n")) {
    const packages = packagesLine.exec(line)
    if (packages?.[1]) steps.set("npm packages", packages[1])
    const [, name, seconds] = stepLine.exec(line) ?? []
    // Vitest marks its lines alike; the kit's names are short and without punctuation.
    if (name && seconds && /^[\w ]{1,16}$/.test(name)) steps.set(name, seconds)
  }
  return steps
}
