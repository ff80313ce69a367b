import type { Instruction, PropertyInstruction } from "dockerfile-ast"
import { isSecretName, secretAssignments, secretInText, secretVariable } from "../secrets.ts"
import { argumentsOf } from "./stages.ts"

type InstructionRule = (instruction: Instruction) => string[]

const address = /^(?:https?|ftp|git|ssh):\/\/|^git@/i
const shell = "(?:\\S*/)?(?:(?:ba|da|z|k|a)?sh|python3?|node|perl|ruby)\\b"
/** curl … | sh, within one command. */
const piped = new RegExp(
  `\\b(?:curl|wget)\\b(?:(?!&&)[^;\\n])*?\\|\\s*(?:(?:sudo|env|exec)\\s+(?:-\\S+\\s+)*)?${shell}`,
)
/** sh -c "$(curl …)", bash <(curl …), eval `curl …`. */
const substituted =
  /(?:\b(?:ba|da|z|k|a)?sh|\beval|\bsource|(?:^|\s)\.)\s[^;\n]*?(?:\$\(|`|<\()\s*(?:curl|wget)\b/

/** What no instruction may do, in whatever stage. */
export const instructionRules = {
  POLICY_ADD_URL: instruction => {
    if (instruction.getKeyword() !== "ADD") return []
    const words = (instruction.getArgumentsContent() ?? "").match(/[^\s"',[\]]+/g) ?? []
    return words.filter(word => address.test(word)).map(word => `ADD of ${withoutSecret(word)}`)
  },

  POLICY_PIPE_TO_SHELL: instruction => {
    const command = instruction.getKeyword() === "RUN" ? (instruction.getArgumentsContent() ?? "") : ""
    return piped.test(command) || substituted.test(command) ? ["a download is given to a shell"] : []
  },

  POLICY_SECRET_VALUE: instruction => {
    const text = instruction.getArgumentsContent() ?? ""
    const named = secretsNamed(instruction)
    if (named.length > 0) return named
    const kind = secretInText(text)
    return kind ? [`it holds ${kind}`] : secretAssignments(text).map(name => `${name} gets a value`)
  },
} satisfies Record<string, InstructionRule>

function secretsNamed(instruction: Instruction): string[] {
  const keyword = instruction.getKeyword()
  if (keyword === "ENV") {
    const properties = (instruction as PropertyInstruction).getProperties()
    return properties.flatMap(property => secretVariable(property.getName(), property.getValue() ?? "") ?? [])
  }
  if (keyword !== "ARG") return []
  // Also without a default: the value that a build is given stays in the image's history.
  return argumentsOf(instruction).flatMap(([name, value]) =>
    isSecretName(name) ? `ARG ${name} takes a secret` : (secretVariable(name, value) ?? []),
  )
}

function withoutSecret(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//…@").replace(/\?.*/, "?…")
}

/** For stages that become the image: what apt-get leaves behind. */
export function installsCarelessly(instruction: Instruction): string[] {
  const command = instruction.getKeyword() === "RUN" ? instruction.getTextContent() : ""
  if (!/\bapt(?:-get)?\s(?:[^;&|\n]*\s)?install\b/.test(command)) return []
  const lean = /--no-install-recommends|Install-Recommends=(?:0|false|no)/i.test(command)
  const cleaned = /rm\s+-\w*r\w*\s[^;&|]*\/var\/lib\/apt\/lists|--mount=\S*target=\/var\/lib\/apt/.test(
    command,
  )
  return [
    ...(lean ? [] : ["apt-get install without --no-install-recommends"]),
    ...(cleaned ? [] : ["apt-get leaves its package lists in the image"]),
  ]
}
