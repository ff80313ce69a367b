import type { Instruction } from "dockerfile-ast"
import { type Finding, isPlainUser, type Traits } from "../finding.ts"
import type { Code } from "../rules.ts"
import { unpinnedBases } from "./bases.ts"
import { installsCarelessly, instructionRules } from "./instructions.ts"
import { lastOf, lineage, readStages, type Stage } from "./stages.ts"

export interface DockerfileResult {
  readonly findings: readonly Finding[]
  /** What an image of the target brings. */
  readonly traits: Traits
}

/**
 * Checks a Dockerfile: every stage for what it takes in, the target for what it becomes.
 *
 * @param target the stage that is deployed; the last one unless given
 */
export function checkDockerfile(text: string, target?: string): DockerfileResult {
  const stages = readStages(text)
  const chain = lineage(stages, target ?? stages.at(-1)?.name ?? "")
  const name = chain[0]?.name
  if (name === undefined) {
    const what = target ? `the Dockerfile has no stage "${target}"` : "the Dockerfile has no stage"
    const traits = { user: false, healthcheck: false }
    return { findings: [{ code: "POLICY_INPUT", subject: target ?? "FROM", what }], traits }
  }
  const traits = traitsOf(chain)
  const findings = [
    ...unpinnedBases(stages),
    ...stages.flatMap(checkStage),
    ...checkTarget(name, chain, traits),
  ]
  return { findings, traits }
}

function traitsOf(chain: readonly Stage[]): Traits {
  const user = lastOf(chain, "USER")
    ?.getArgumentsContent()
    ?.trim()
    .replace(/^"(.*)"$/, "$1")
  const check = lastOf(chain, "HEALTHCHECK")?.getRawArgumentsContent()
  return {
    user: isPlainUser(user),
    healthcheck: check !== undefined && check !== null && !/^NONE$/i.test(check.trim()),
  }
}

function checkStage({ name, instructions }: Stage): Finding[] {
  return instructions.flatMap(instruction =>
    Object.entries(instructionRules).flatMap(([code, rule]) =>
      rule(instruction).map(what => finding(code as Code, name, instruction, what)),
    ),
  )
}

function checkTarget(name: string, chain: readonly Stage[], traits: Traits): Finding[] {
  const careless = chain
    .flatMap(stage => stage.instructions)
    .flatMap(instruction =>
      installsCarelessly(instruction).map(what => finding("POLICY_APT", name, instruction, what)),
    )
  const user = lastOf(chain, "USER")?.getArgumentsContent()
  const root = user ? `USER ${user} is root or not a number` : "no USER is set: it runs as root"
  return [
    ...careless,
    ...(traits.user ? [] : [{ code: "POLICY_USER" as const, subject: name, what: root }]),
    ...(traits.healthcheck
      ? []
      : [{ code: "POLICY_HEALTHCHECK" as const, subject: name, what: "it has no HEALTHCHECK" }]),
  ]
}

function finding(code: Code, stage: string, instruction: Instruction, what: string): Finding {
  return { code, subject: stage, what: `line ${instruction.getRange().start.line + 1}: ${what}` }
}
