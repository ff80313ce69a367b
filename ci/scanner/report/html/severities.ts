import { type Finding, type Severity, severities } from "../../model.ts"
import { countBySeverity } from "../select.ts"
import { html, type Markup } from "./markup.ts"

export function severityChip(severity: Severity, text: string = severity): Markup {
  return html`<span class="chip severity ${severity}">${text}</span>`
}

/** "2 critical", "5 high": a chip for each severity that there is. */
export function severityChips(findings: readonly Finding[]): Markup {
  const counts = countBySeverity(findings)
  const chips = severities
    .filter(severity => counts[severity] > 0)
    .map(severity => severityChip(severity, `${counts[severity]} ${severity}`))
  return html`<span class="chips">${chips}</span>`
}
