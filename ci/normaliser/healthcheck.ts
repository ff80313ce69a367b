/** A health check as Docker's image configuration holds it; durations in nanoseconds. */
export interface Healthcheck {
  Test: string[]
  Interval?: number
  Timeout?: number
  StartPeriod?: number
  Retries?: number
}

interface Stage {
  name: string
  base: string
  healthcheck?: string
}

const nanoseconds: Record<string, number> = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 }

/**
 * The HEALTHCHECK of a Dockerfile's target. Dagger's images follow the OCI specification, which has none, and so lose
 * it; it is read from the Dockerfile to be put back.
 *
 * @param dockerfile its text
 * @param target the name of a stage; a stage without HEALTHCHECK has that of the stage it is made from
 * @returns undefined when the target has none, or says HEALTHCHECK NONE
 * @throws Error when the target is missing or the instruction cannot be read
 */
export function healthcheckOf(dockerfile: string, target: string): Healthcheck | undefined {
  const stages = readStages(dockerfile)
  const find = (name: string) => stages.find(stage => stage.name === name.toLowerCase())
  let stage = find(target)
  if (!stage) throw new Error(`the Dockerfile has no stage "${target}"`)
  while (stage && stage.healthcheck === undefined) stage = find(stage.base)
  return stage?.healthcheck === undefined ? undefined : parse(stage.healthcheck)
}

function readStages(dockerfile: string): Stage[] {
  const stages: Stage[] = []
  for (const line of logicalLines(dockerfile)) {
    const from = /^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line)
    if (from) stages.push({ base: (from[1] ?? "").toLowerCase(), name: (from[2] ?? "").toLowerCase() })
    const check = /^HEALTHCHECK\s+(.*)$/i.exec(line)
    const current = stages.at(-1)
    if (check?.[1] && current) current.healthcheck = check[1]
  }
  return stages
}

/** Lines as the builder sees them: comments gone, continued lines joined. */
function logicalLines(dockerfile: string): string[] {
  const code = dockerfile.split("\n").filter(line => !/^\s*#/.test(line))
  return code
    .join("\n")
    .replace(/\\[ \t]*\n/g, " ")
    .split("\n")
    .map(line => line.trim())
}

function parse(instruction: string): Healthcheck | undefined {
  if (/^NONE$/i.test(instruction)) return undefined
  const parts = /^((?:--\S+\s+)*)CMD\s+(.+)$/i.exec(instruction)
  if (!parts) throw new Error(`HEALTHCHECK cannot be read: ${instruction}`)
  const [, options = "", command = ""] = parts
  const check: Healthcheck = { Test: readCommand(command) }
  for (const option of options.trim().split(/\s+/).filter(Boolean)) applyOption(check, option)
  return check
}

/** The exec form is a JSON array; anything else is given to the shell. */
function readCommand(command: string): string[] {
  if (!command.startsWith("[")) return ["CMD-SHELL", command]
  return ["CMD", ...(JSON.parse(command) as string[])]
}

function applyOption(check: Healthcheck, option: string): void {
  const [name, value = ""] = option.replace(/^--/, "").split("=")
  if (name === "interval") check.Interval = duration(value)
  else if (name === "timeout") check.Timeout = duration(value)
  else if (name === "start-period") check.StartPeriod = duration(value)
  else if (name === "retries") check.Retries = Number(value)
  else throw new Error(`HEALTHCHECK has an option that is not known here: ${option}`)
}

/** Go's notation: 1m30s, 500ms. */
function duration(text: string): number {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) throw new Error(`not a duration: ${text}`)
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    total += Number(amount) * (nanoseconds[unit ?? ""] ?? Number.NaN)
  }
  return total
}
