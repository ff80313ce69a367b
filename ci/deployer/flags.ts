import { type ParseArgsConfig, parseArgs } from "node:util"
import { usageError } from "./usage.ts"

export type Options = NonNullable<ParseArgsConfig["options"]>
type Values = Record<string, string | boolean | undefined>

export function readFlags(
  verb: string,
  known: Options,
  args: readonly string[],
): { values: Values; images: string[] } {
  try {
    const { image, ...values } = parseArgs({
      ...{ args: [...args], options: known, strict: true, allowPositionals: false },
    }).values
    return { values: values as Values, images: (image as string[] | undefined) ?? [] }
  } catch (error) {
    throw usageError(
      (error as Error).message.split(". ")[0] ?? "bad flag",
      `${verb} does not take it in this form`,
    )
  }
}

/** The flags of one verb, with a clear error for each that cannot be used. */
export class Flags {
  private readonly verb: string
  private readonly values: Values

  constructor(verb: string, values: Values) {
    this.verb = verb
    this.values = values
  }

  text(name: string): string | undefined {
    const value = this.values[name]
    return typeof value === "string" ? value : undefined
  }

  isSet(name: string): boolean {
    return this.values[name] === true
  }

  required(name: string): string {
    const value = this.text(name)
    if (value) return value
    throw usageError(`--${name} is missing`, `${this.verb} needs it`)
  }

  matching(name: string, pattern: RegExp, rule: string): string | undefined {
    const value = this.text(name)
    if (!value) return undefined
    if (pattern.test(value)) return value
    throw usageError(`--${name} ${JSON.stringify(value)}`, rule)
  }

  number(name: string, minimum: number, maximum: number): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const number = /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN
    if (number >= minimum && number <= maximum) return number
    throw usageError(
      `--${name} ${JSON.stringify(value)}`,
      `it must be a whole number from ${minimum} to ${maximum}`,
    )
  }
}
