import { data, Evaluator, Lexer, Parser } from "@actions/expressions"

/** What expressions can name, such as github, vars and secrets. */
export type Contexts = Readonly<Record<string, unknown>>

/** How the jobs ended that this one needs; of a step, the job until now. */
export interface Outcome {
  readonly failed: boolean
}

/** A value of the workflow, with its `${{ … }}` replaced as GitHub does it. */
export function filledIn(text: unknown, contexts: Contexts): string {
  return String(text ?? "").replace(/\$\{\{(.*?)\}\}/gs, (_, inner: string) =>
    evaluate(inner, contexts, { failed: false }).coerceString(),
  )
}

/** The same for each of some values. */
export function allFilledIn(
  values: Readonly<Record<string, unknown>> = {},
  contexts: Contexts,
): Record<string, string> {
  const entries = Object.entries(values)
  return Object.fromEntries(entries.map(([name, value]) => [name, filledIn(value, contexts)]))
}

/** Whether a job or a step runs: one whose condition names no status only does when nothing failed. */
export function holds(condition: unknown, contexts: Contexts, outcome: Outcome): boolean {
  const inner = String(condition ?? "success()").replace(/^\$\{\{(.*)\}\}$/s, "$1")
  const whole = /\b(success|failure|cancelled|always)\(/.test(inner) ? inner : `success() && (${inner})`
  return truthy(evaluate(whole, contexts, outcome))
}

function evaluate(text: string, contexts: Contexts, { failed }: Outcome): data.ExpressionData {
  const status = Object.entries({ success: !failed, failure: failed, cancelled: false, always: true })
  const functions = status.map(([name, value]) => ({
    ...{ name, minArgs: 0, maxArgs: 0 },
    call: () => new data.BooleanData(value),
  }))
  const { tokens } = new Lexer(text.trim()).lex()
  const expression = new Parser(tokens, Object.keys(contexts), functions).parse()
  const values = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary
  return new Evaluator(expression, values, new Map(functions.map(one => [one.name, one]))).evaluate()
}

function truthy(value: data.ExpressionData): boolean {
  return value.coerceString() !== "" && value.coerceString() !== "false" && value.coerceString() !== "0"
}
