import { table } from "../report.ts"
import type { Check } from "./check.ts"
import type { Readiness } from "./readiness.ts"

export function readinessText({ environment, checks }: Readiness): string {
  const warnings = checks.filter(({ state }) => state === "warning").length
  const end = warnings === 0 ? "" : `, ${warnings} warning${warnings === 1 ? "" : "s"}`
  return `${table(checkRows(checks))}\n${environment} is ready for a release${end}`
}

export function checkRows(checks: readonly Check[]): string[][] {
  return [
    ["CHECK", "STATE", "FOUND", "DO"],
    ...checks.map(({ name, state, found, fix }) => [name, state, found, fix].map(oneLine)),
  ]
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim()
}
