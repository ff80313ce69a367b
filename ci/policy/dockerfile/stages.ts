import { type Arg, DockerfileParser, type From, type Instruction } from "dockerfile-ast"

export interface Stage {
  /** As in `FROM … AS name`, in lower case; its number for a stage without a name. */
  readonly name: string
  /** The image, or the name of an earlier stage, with the defaults of build arguments put in. */
  readonly base: string
  readonly instructions: readonly Instruction[]
}

/** Reads a Dockerfile's stages; what stands before the first of them belongs to none. */
export function readStages(text: string): Stage[] {
  const stages: (Stage & { instructions: Instruction[] })[] = []
  const defaults = new Map<string, string>()
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword()
    if (keyword === "FROM") stages.push(startStage(instruction as From, stages.length, defaults))
    else if (stages.length > 0) stages.at(-1)?.instructions.push(instruction)
    else if (keyword === "ARG")
      for (const [name, value] of argumentsOf(instruction as Arg)) defaults.set(name, value)
  }
  return stages
}

function startStage(from: From, index: number, defaults: ReadonlyMap<string, string>) {
  const name = (from.getBuildStage() ?? String(index)).toLowerCase()
  const base = withDefaults(from.getImage() ?? "", defaults)
  return { name, base, instructions: [] as Instruction[] }
}

/** Variables without a default are left as they stand. */
export function withDefaults(text: string, defaults: ReadonlyMap<string, string>): string {
  return text.replace(/\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g, (whole, braced, fallback, plain) => {
    return (defaults.get(braced ?? plain) || fallback) ?? whole
  })
}

/** The names and defaults of an ARG, which may have several; "" for one without a default. */
export function argumentsOf(arg: Instruction): [string, string][] {
  return arg.getArguments().map(argument => {
    const [, name = "", value = ""] = /^([^=]*)=?([\s\S]*)$/.exec(argument.getValue()) ?? []
    return [name, value.replace(/^(["'])([\s\S]*)\1$/, "$2")]
  })
}

/** A stage and those that it is made from, itself first. */
export function lineage(stages: readonly Stage[], name: string): Stage[] {
  const chain: Stage[] = []
  let index = stages.findLastIndex(stage => stage.name === name.toLowerCase())
  while (index >= 0) {
    const stage = stages[index] as Stage
    chain.push(stage)
    // Only earlier stages can be a base: `FROM node AS node` names the image.
    index = stages.slice(0, index).findLastIndex(({ name }) => name === stage.base.toLowerCase())
  }
  return chain
}

/** The last instruction with this keyword that counts for the stage. */
export function lastOf(chain: readonly Stage[], keyword: string): Instruction | undefined {
  for (const { instructions } of chain) {
    const found = instructions.findLast(instruction => instruction.getKeyword() === keyword)
    if (found) return found
  }
  return undefined
}
