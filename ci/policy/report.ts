import type { Finding } from "./finding.ts"
import { rules } from "./rules.ts"

/** What was looked at, and what was found there. */
export interface Checked {
  readonly name: string
  readonly findings: readonly Finding[]
}

/** A line for each thing that was checked; below it each finding with its reason and what to do. */
export function reportText(checked: readonly Checked[]): string {
  const width = Math.max(...checked.map(({ name }) => name.length))
  const rows = checked.map(({ name, findings }) => `${name.padEnd(width)}  ${verdict(findings.length)}`)
  const errors = checked.flatMap(({ name, findings }) => findings.map(finding => errorText(name, finding)))
  return [`${"CHECKED".padEnd(width)}  RESULT`, ...rows, ...errors].join("\n")
}

function verdict(count: number): string {
  return count === 0 ? "ok" : `${count} ${count === 1 ? "finding" : "findings"}`
}

function errorText(name: string, { code, subject, what }: Finding): string {
  const { why, todo } = rules[code]
  return `error ${code}: ${name}: ${subject}: ${what}\n  why: ${why}\n  do:  ${todo}`
}

/** The same for programs. */
export function reportJson(checked: readonly Checked[]): object {
  const findings = checked.flatMap(({ name, findings }) =>
    findings.map(({ code, subject, what }) => {
      const { why, todo } = rules[code]
      return { code, checked: name, subject, what, why, do: todo }
    }),
  )
  return { passed: findings.length === 0, checked: checked.map(({ name }) => name), findings }
}
